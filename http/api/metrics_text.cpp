// The whole page of /metrics: the collectors' pages, the daemon's own, and what the frame tells of each collector.
#include "http/api/metrics_text.hpp"

#include "http/api/foreign.hpp"
#include "http/api/traffic_rows.hpp"
#include "http/encode/exposition.hpp"
#include "http/encode/foreign.hpp"
#include "http/encode/foreign_open_metrics.hpp"
#include "http/encode/gzip.hpp"
#include "http/encode/open_metrics.hpp"

#include <algorithm>

namespace vitald::http {
namespace {

using encode::Format;

// What the frame tells of each collector.
struct Told {
  Text collector, state;
  double duration_seconds = 0;
  std::uint64_t success = 0;
  std::optional<double> last_success_seconds;
};

constexpr Key scrape_keys[] = {key<&Told::collector>("collector")};
constexpr Column scrape_columns[] = {
    gauge<&Told::duration_seconds>("scrape_collector_duration_seconds", "Time that the collector's reading took."),
    gauge<&Told::success>("scrape_collector_success", "Whether the collector succeeded, and had data."),
};
constexpr Key state_keys[] = {key<&Told::collector>("collector"), key<&Told::state>("state")};
constexpr Column told_columns[] = {
    with_keys(info("collector_state", "State of the collector: ok, absent, permission, parse, timeout or unsupported."),
              state_keys),
    gauge<&Told::last_success_seconds>("collector_last_success_timestamp_seconds",
                                       "When the collector last succeeded, in Unix time."),
};
constinit const Table<Told> scrape_table{{"scrape", "the daemon", scrape_keys, scrape_columns}};
constinit const Table<Told> told_table{{"collectors", "the daemon", scrape_keys, told_columns, nullptr, "vitald_"}};

void tell(const Reading& reading, Sheet<Told>& sheet) {
  auto& row = sheet.next();
  row.collector = reading.entry->name;
  row.state = name_of(reading.state);
  row.duration_seconds = reading.duration_seconds;
  row.success = reading.state == State::ok ? 1 : 0;
  if (reading.last_success_seconds > 0) row.last_success_seconds = reading.last_success_seconds;
}

}  // namespace

struct MetricsText::Scratch {
  encode::Exposition as_text, as_open_metrics{Format::open_metrics};
  encode::Gzip gzip;
  Sheet<Told> told{told_table};
  TrafficRows traffic;
  Out out;
  std::optional<ForeignFamilies> families;

  encode::Exposition& exposition(Format format) { return format == Format::text ? as_text : as_open_metrics; }

  std::string_view encoded(const Page& page, Format format) {
    auto& kept = format == Format::text ? page.text : page.open_metrics;
    if (!std::exchange(kept.made, true)) {
      std::size_t table = 0;
      page.each([&](const Rows& rows) { exposition(format).write(rows, kept, table++); });
    }
    return kept.text.view();
  }

  // The frame's own text, which belongs to one body alone.
  std::string frame(const View& view, const Context& context, Format format) {
    told.rewind();
    out.clear();
    for (const auto& reading : view.readings) tell(reading, told);
    for (const Layout* layout : {&scrape_table, &told_table}) {
      auto of_layout = told.rows();
      of_layout.layout = layout;
      exposition(format).write(of_layout, out);
    }
    if (context.traffic && context.exporter_metrics) {
      traffic.fill(*context.traffic);
      for (const auto& rows : traffic.rows()) exposition(format).write(rows, out);
    }
    if (context.own) context.own->write(out, format, context.exporter_metrics);
    if (format == Format::open_metrics) out << encode::open_metrics_end;
    return std::string(out.view());
  }
};

MetricsText::MetricsText() : scratch_(std::make_unique<Scratch>()) {}
MetricsText::~MetricsText() = default;

std::shared_ptr<const Body> MetricsText::text(const View& view, const Context& context, Format format) {
  auto body = std::make_shared<Body>();
  body->parts.reserve(view.readings.size() + 2);
  const auto add = [&](const std::shared_ptr<const Page>& page) {
    if (page) body->add({page, scratch_->encoded(*page, format)});
    if (page && page->foreign) add_foreign(page->foreign, view, context, format, *body);
  };
  for (const auto& reading : view.readings) add(reading.page);
  add(view.self);
  auto rest = std::make_shared<const std::string>(scratch_->frame(view, context, format));
  body->add({rest, *rest});
  return body;
}

const ForeignFamilies& MetricsText::families(const Context& context) {
  auto& made = scratch_->families;
  if (!made) made.emplace(context.readings->known());
  return *made;
}

std::vector<bool> MetricsText::hidden(const Foreign& foreign, const View& view, const Context& context, Format format) {
  return families(context).hidden(foreign, view, format);
}

bool MetricsText::open_metrics_renames(const View& view, const Context& context) {
  using Kind = Foreign::Kind;
  const auto has_numbers = [](const Foreign::Family& family) {
    return family.kind == Kind::histogram || family.kind == Kind::summary;
  };
  return std::ranges::any_of(view.readings, [&](const Reading& reading) {
    if (!reading.page || !reading.page->foreign) return false;
    const auto& foreign = *reading.page->foreign;
    return std::ranges::any_of(foreign.families, has_numbers) ||
           hidden(foreign, view, context, Format::text) != hidden(foreign, view, context, Format::open_metrics);
  });
}

// Its text is shared as it is; families that are hidden are passed by.
void MetricsText::add_foreign(const std::shared_ptr<const Foreign>& foreign, const View& view, const Context& context,
                              Format format, Body& body) {
  if (format == Format::text)
    encode::make_text(*foreign);
  else
    encode::make_open_metrics(*foreign, [&](std::string_view name) { return families(context).can_be_ours(name); });
  const auto& kept = format == Format::text ? foreign->text : foreign->open_metrics;
  const auto passed_by = hidden(*foreign, view, context, format);
  std::size_t from = 0, to = 0;
  const auto add = [&] {
    if (to > from) body.add({foreign, kept.text.view().substr(from, to - from)});
  };
  for (std::size_t i = 0; i < passed_by.size(); ++i) {
    if (passed_by[i]) {
      add();
      from = kept.ends[i];
    }
    to = kept.ends[i];
  }
  add();
}

std::shared_ptr<const Body> MetricsText::lone(const std::shared_ptr<const Page>& page, std::string rest,
                                              Format format) {
  if (format == Format::open_metrics) rest += encode::open_metrics_end;
  const auto behind = std::make_shared<const std::string>(std::move(rest));
  auto body = std::make_shared<Body>();
  body->add({page, scratch_->encoded(*page, format)});
  body->add({behind, *behind});
  return body;
}

std::shared_ptr<const Body> MetricsText::compressed(const Body& body) {
  std::vector<std::string_view> parts;
  parts.reserve(body.parts.size());
  for (const auto& part : body.parts) parts.push_back(part.bytes);
  auto bytes = std::make_shared<const std::string>(scratch_->gzip.member(parts));
  auto made = std::make_shared<Body>();
  made->add({bytes, *bytes});
  return made;
}

std::span<const Layout* const> frame_layouts() {
  static const Layout* const layouts[] = {&scrape_table, &told_table, traffic_layouts()[0], traffic_layouts()[1]};
  return layouts;
}

}  // namespace vitald::http
