#include "daemon/diff/report.hpp"
#include "http/encode/json.hpp"

#include <algorithm>
#include <utility>

namespace vitald::diff {
namespace {

void member(Out& out, std::string_view name, std::string_view text) {
  out << '"' << name << "\":";
  encode::quoted(out, text);
}
void member(Out& out, std::string_view name, std::size_t number) {
  out << '"' << name << "\":";
  out.number(number);
}

void write(const Report::Page& page, Out& out) {
  member(out << '{', "url", page.url);
  member(out << ',', "program", page.program);
  member(out << ',', "version", page.version);
  member(out << ',', "families", page.families);
  member(out << ',', "series", page.series);
  out << '}';
}

void write(const Finding& finding, Out& out) {
  member(out << '{', "what", name_of(finding.what));
  member(out << ',', "family", finding.family);
  member(out << ',', "detail", finding.detail);
  member(out << ',', "series", finding.series);
  member(out << ',', "why", finding.why);
  out << ",\"explained\":" << (finding.explained ? "true" : "false");
  member(out << ',', "against", finding.against);
  out << '}';
}

void write(const Loss& loss, Out& out) {
  const auto& query = *loss.query;
  member(out << '{', "file", query.file);
  member(out << ',', "place", query.place);
  member(out << ',', "kind", query.kind);
  member(out << ',', "name", query.name);
  out << ",\"reasons\":[";
  std::string_view comma;
  for (const auto& reason : loss.reasons) encode::quoted(out << std::exchange(comma, ","), reason);
  out << "]}";
}

template <class List>
void write_list(std::string_view name, const List& list, Out& out) {
  out << '"' << name << "\":[";
  std::string_view comma;
  for (const auto& each : list) write(each, out << std::exchange(comma, ","));
  out << ']';
}

}  // namespace

void write_json(const Report& report, Out& out) {
  write(report.ours, out << "{\"ours\":");
  write_list("theirs", report.theirs, out << ',');
  write_list("findings", report.findings, out << ',');
  member(out << ",\"queries\":{", "read", report.queries);
  member(out << ',', "concerned", report.concerned);
  write_list("lost", report.losses, out << ',');
  out << "},\"lost_something\":" << (report.lost_something() ? "true" : "false") << "}\n";
}

}  // namespace vitald::diff
