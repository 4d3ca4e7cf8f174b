#include "daemon/check/report.hpp"
#include "daemon/version.hpp"
#include "http/encode/json.hpp"

#include <utility>

namespace vitald::check {
namespace {

void member(std::string_view name, std::string_view text, Out& out) {
  out << ",\"" << name << "\":";
  encode::quoted(out, text);
}

void member(std::string_view name, bool value, Out& out) {
  out << ",\"" << name << "\":" << (value ? "true" : "false");
}

void member(std::string_view name, const std::vector<std::string>& texts, Out& out) {
  out << ",\"" << name << "\":[";
  std::string_view comma;
  for (const auto& text : texts) {
    out << std::exchange(comma, ",");
    encode::quoted(out, text);
  }
  out << ']';
}

void json_user(const Identity& who, Out& out) {
  out << ",\"user\":{\"uid\":";
  out.number(who.uid);
  out << ",\"gid\":";
  out.number(who.gid);
  member("name", who.name, out);
  out << ",\"groups\":[";
  std::string_view comma;
  for (const auto group : who.groups) {
    out << std::exchange(comma, ",");
    out.number(group);
  }
  out << ']';
  member("capabilities", capability_names(who.capabilities), out);
  member("no_new_privileges", who.no_new_privileges, out);
  member("system_calls_filtered", who.filtered, out);
  out << '}';
}

void json_collector(const Told& told, Out& out) {
  out << "{\"name\":";
  encode::quoted(out, told.name);
  member("state", name_of(told.state), out);
  member("fault", told.fault, out);
  if (!told.why.empty()) member("error", told.why, out);
  if (!told.needs.empty()) member("needs", told.needs, out);
  member("missing_capabilities", told.missing, out);
  member("unit", told.unit, out);
  out << '}';
}

void json_finding(const Finding& finding, Out& out) {
  out << "{\"what\":";
  encode::quoted(out, finding.what);
  member("loses", finding.loses, out);
  member("fault", finding.fault, out);
  if (!finding.unit.empty()) member("unit", finding.unit, out);
  out << '}';
}

}  // namespace

void write_json(const Report& report, Out& out) {
  out << "{\"version\":";
  encode::quoted(out, version.number);
  json_user(report.who, out);
  member("in_unit", report.unit, out);
  member("in_container", report.container, out);
  out << ",\"collectors\":[";
  std::string_view comma;
  for (const auto& told : report.collectors) out << std::exchange(comma, ","), json_collector(told, out);
  out << ']';
  member("off", report.off, out);
  out << ",\"surroundings\":[";
  comma = {};
  for (const auto& finding : report.surroundings) out << std::exchange(comma, ","), json_finding(finding, out);
  out << ']';
  member("unit", report.unit_lines(), out);
  member("lost", report.has_faults(), out);
  out << "}\n";
}

}  // namespace vitald::check
