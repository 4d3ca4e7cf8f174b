#include "daemon/check/advice.hpp"

#include "daemon/check/needs.hpp"

#include <algorithm>

namespace vitald::check {
namespace {

void add(std::vector<std::string>& all, const std::string& one) {
  if (std::ranges::count(all, one) == 0) all.push_back(one);
}

bool says(const Told& told, std::string_view words) { return told.why.find(words) != std::string::npos; }

// A sentence about a capability that we have says nothing here.
bool is_lacking(const Need& need, const Identity& who) {
  return !need.capabilities.empty() &&
         std::ranges::none_of(need.capabilities, [&](const std::string& each) { return who.has(each); });
}

void quote(Told& told, const Need& need) { told.needs.append(told.needs.empty() ? "" : " ").append(need.sentence); }

// The kernel refused: by a capability, by a sandbox.
void explain_refusal(const std::vector<Need>& needs, const Identity& who, Told& told) {
  for (const auto& need : needs) {
    if (!is_lacking(need, who) && need.unit.empty()) continue;
    quote(told, need);
    for (const auto& capability : need.capabilities) add(told.missing, capability);
    for (const auto& line : need.unit) add(told.unit, line);
  }
  const bool known = !told.missing.empty() || !told.unit.empty();
  if (!known && says(told, "Permission denied") && !who.has("CAP_DAC_READ_SEARCH"))
    told.missing.emplace_back("CAP_DAC_READ_SEARCH");
}

void explain_absence(const std::vector<Need>& needs, Told& told) {
  for (const auto& need : needs)
    if (need.capabilities.empty() && need.unit.empty()) quote(told, need);
}

// A family of sockets that a sandbox forbids looks like a kernel without it.
void explain_sandbox(const std::vector<Need>& needs, Told& told) {
  for (const auto& need : needs)
    for (const auto& line : need.unit)
      if (line.starts_with("RestrictAddressFamilies=")) add(told.unit, line), quote(told, need);
}

// It works, and would tell more with what we lack.
void explain_less(const std::vector<Need>& needs, const Identity& who, Told& told) {
  for (const auto& need : needs) {
    if (!is_lacking(need, who)) continue;
    quote(told, need);
    for (const auto& capability : need.capabilities) add(told.missing, capability);
  }
}

}  // namespace

Told advise(const http::Reading& reading, const Identity& who) {
  Told told;
  told.name = reading.entry->name;
  told.state = reading.state;
  told.why = reading.why;
  told.fault = told.state != State::ok && told.state != State::absent;
  const auto needs = needs_of(reading.entry->needs);
  if (told.state == State::ok) explain_less(needs, who, told);
  if (told.state == State::absent) explain_absence(needs, told);
  if (told.state == State::permission) explain_refusal(needs, who, told);
  if (says(told, "Address family not supported")) explain_sandbox(needs, told);
  told.unit = unit_lines(told.missing, told.unit);
  return told;
}

std::vector<std::string> unit_lines(const std::vector<std::string>& capabilities,
                                    const std::vector<std::string>& others) {
  std::vector<std::string> lines;
  std::string all;
  for (const auto& each : capabilities) all.append(all.empty() ? "" : " ").append(each);
  if (!all.empty()) lines = {"AmbientCapabilities=" + all, "CapabilityBoundingSet=" + all};
  for (const auto& line : others) add(lines, line);
  return lines;
}

}  // namespace vitald::check
