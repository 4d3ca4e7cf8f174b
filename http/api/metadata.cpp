// /api/v1/metadata: every family with its type, help, unit, collector and labels, in the shape of Prometheus's own.
#include "http/api/handlers.hpp"
#include "http/encode/families.hpp"
#include "http/encode/json.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

namespace vitald::http {
namespace {

struct Described {
  std::string_view type;
  std::string_view help, collector;
  std::vector<std::string_view> labels;
};
// By name, each as the collectors have it that show it now; where none does, as those have it that can.
using All = std::map<std::string, std::vector<Described>, std::less<>>;

std::string_view word_for(Type type) {  // Prometheus's
  return type == Type::counter ? "counter" : type == Type::gauge ? "gauge" : "unknown";
}

void add(All& all, std::string name, Described made) {
  auto& known = all[std::move(name)];
  const auto same = [&](const Described& each) {
    return each.type == made.type && each.help == made.help && each.labels == made.labels;
  };
  if (std::ranges::none_of(known, same)) known.push_back(std::move(made));
}

void add(All& all, std::string name, const encode::Family& family, std::string_view collector) {
  const auto& column = family.column();
  add(all, std::move(name), {word_for(column.type), column.help, collector, family.labels()});
}

void add(All& all, const Layout& layout, std::string_view collector) {
  for (const auto& family : encode::families(layout))
    if (!family.named_by_kernel()) add(all, family.name(), family, collector);
}

bool shows(const Rows& rows, const Column& column) {
  for (std::size_t i = 0; i < rows.count; ++i)
    if (column.read(rows[i]).kind != Value::Kind::absent) return true;
  return false;
}

void add_shown(All& all, const Rows& rows, std::string_view collector) {
  for (const auto& family : encode::families(*rows.layout))
    if (!family.named_by_kernel() && shows(rows, family.column())) add(all, family.name(), family, collector);
}

void add_foreign(All& all, const Foreign& foreign, std::string_view collector) {
  for (const auto& family : foreign.families) {
    const bool typed = family.kind != Foreign::Kind::untyped;
    Described made{typed ? metrics_text::name_of(family.kind) : "unknown", family.help, collector, {}};
    for (const auto& label : family.parts.front().front().labels) made.labels.push_back(label.name);
    if (!all.contains(family.name)) add(all, std::string(family.name), std::move(made));
  }
}

// What the last reading had. Names that the kernel chooses, and families of text files, are known from there alone.
void add_latest(All& all, const View& view) {
  for (const auto& reading : view.readings) {
    if (!reading.page) continue;
    reading.page->each([&](const Rows& rows) {
      if (!rows.layout->named) return add_shown(all, rows, reading.entry->name);
      for (const auto& family : encode::families(*rows.layout))
        for (std::size_t i = 0; i < rows.count; ++i)
          add(all, family.name().append(rows.layout->named(rows[i])), family, reading.entry->name);
    });
  }
  for (const auto& reading : view.readings)
    if (reading.page && reading.page->foreign) add_foreign(all, *reading.page->foreign, reading.entry->name);
}

All described(const Context& context, const View& latest) {
  All all, others;
  add_latest(all, latest);
  for (const auto& known : context.readings->known())
    for (const auto* layout : known.entry->layouts) add(others, *layout, known.entry->name);
  all.merge(others);  // but for those that are there
  for (const auto* layout : frame_layouts()) add(all, *layout, {});
  if (!context.own) return all;
  for (const auto* layout : context.own->layouts()) add(all, *layout, {});
  for (const auto& own : context.own->families())
    add(all, std::string(own.name), {word_for(own.type), own.help, {}, {own.labels.begin(), own.labels.end()}});
  return all;
}

void write(Out& out, std::string_view name, const Described& family) {
  out << "{\"type\":\"" << family.type << "\",\"help\":";
  encode::quoted(out, family.help);
  out << ",\"unit\":\"" << encode::unit_of(name) << "\",\"collector\":\"" << family.collector << "\",\"labels\":[";
  std::string_view comma;
  for (const auto label : family.labels) out << std::exchange(comma, ",") << '"' << label << '"';
  out << "]}";
}

void write(Out& out, std::string_view name, const std::vector<Described>& all) {
  encode::quoted(out, name);
  std::string_view before = ":[";
  for (const auto& each : all) {
    out << std::exchange(before, ",");
    write(out, name, each);
  }
  out << ']';
}

// What the request asks for; false when a parameter is not one.
struct Wanted {
  std::string metric;
  std::size_t limit = SIZE_MAX;
};

bool wanted(std::string_view query, Wanted& out) {
  const auto given = parameters(query);
  if (!given) return false;
  for (const auto& [name, value] : *given) {
    if (name == "metric") {
      out.metric = value;
      continue;
    }
    const auto* const end = value.data() + value.size();
    if (name != "limit" || std::from_chars(value.data(), end, out.limit).ptr != end || value.empty()) return false;
  }
  return true;
}

}  // namespace

Plan plan_metadata(const Request& request, const Context&) {
  if (Wanted ignored; wanted(request.query, ignored)) return {};
  return refuse(problem(Status::bad_request, "the parameters are metric=NAME and limit=NUMBER"));
}

Reply metadata(const Request& request, const Context& context, const View&) {
  Wanted want;
  wanted(request.query, want);
  Out out;
  out << R"({"status":"success","data":{)";
  std::string_view comma;
  std::size_t shown = 0;
  const auto latest = context.readings->latest();
  for (const auto& [name, family] : described(context, *latest)) {
    if (!want.metric.empty() && name != want.metric) continue;
    if (shown++ == want.limit) break;
    out << std::exchange(comma, ",");
    write(out, name, family);
  }
  out << "}}\n";
  return text(Status::ok, "application/json", std::string(out.view()));
}

}  // namespace vitald::http
