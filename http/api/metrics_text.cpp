// The whole page of /metrics: the collectors' pages, the daemon's own, and what the frame tells of each collector.
#include "http/api/metrics_text.hpp"

#include "http/api/foreign.hpp"
#include "http/encode/exposition.hpp"
#include "http/encode/foreign.hpp"
#include "http/encode/gzip.hpp"

namespace vitald::http {
namespace {

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
  encode::Exposition exposition;
  encode::Gzip gzip;
  Sheet<Told> scrape{scrape_table}, told{told_table};
  Out out;
  std::optional<ForeignFamilies> families;

  std::string_view encoded(const Page& page) {
    if (!page.text_made) page.each([&](const Rows& rows) { exposition.write(rows, page.text); });
    page.text_made = true;
    return page.text.view();
  }

  // The frame's own text, which belongs to one body alone.
  std::string frame(const View& view, const Context& context) {
    scrape.rewind();
    told.rewind();
    out.clear();
    for (const auto& reading : view.readings) {
      tell(reading, scrape);
      tell(reading, told);
    }
    exposition.write(scrape.rows(), out);
    exposition.write(told.rows(), out);
    if (context.own) context.own->write(out, context.exporter_metrics);
    return std::string(out.view());
  }
};

MetricsText::MetricsText() : scratch_(std::make_unique<Scratch>()) {}
MetricsText::~MetricsText() = default;

std::shared_ptr<const Body> MetricsText::text(const View& view, const Context& context) {
  auto body = std::make_shared<Body>();
  body->parts.reserve(view.readings.size() + 2);
  const auto add = [&](const std::shared_ptr<const Page>& page) {
    if (page) body->add({page, scratch_->encoded(*page)});
    if (page && page->foreign) add_foreign(page->foreign, view, context, *body);
  };
  for (const auto& reading : view.readings) add(reading.page);
  add(view.self);
  auto rest = std::make_shared<const std::string>(scratch_->frame(view, context));
  body->add({rest, *rest});
  return body;
}

std::vector<bool> MetricsText::hidden(const Foreign& foreign, const View& view, const Context& context) {
  auto& families = scratch_->families;
  if (!families) families.emplace(context.readings->known());
  return families->hidden(foreign, view);
}

// Its text is shared as it is; families that are hidden are passed by.
void MetricsText::add_foreign(const std::shared_ptr<const Foreign>& foreign, const View& view, const Context& context,
                              Body& body) {
  encode::make_text(*foreign);
  const auto passed_by = hidden(*foreign, view, context);
  std::size_t from = 0, to = 0;
  const auto add = [&] {
    if (to > from) body.add({foreign, foreign->text.view().substr(from, to - from)});
  };
  for (std::size_t i = 0; i < passed_by.size(); ++i) {
    if (passed_by[i]) {
      add();
      from = foreign->ends[i];
    }
    to = foreign->ends[i];
  }
  add();
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
  static constexpr const Layout* layouts[] = {&scrape_table, &told_table};
  return layouts;
}

}  // namespace vitald::http
