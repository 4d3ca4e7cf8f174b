#include "daemon/check/report.hpp"

#include "daemon/version.hpp"

#include <algorithm>

namespace vitald::check {
namespace {

constexpr std::size_t name_width = 20, state_width = 12;

void write_words(std::span<const std::string> words, std::string_view between, Out& out) {
  for (const auto& word : words) out << (&word == &words.front() ? "" : between) << word;
}

void pad(std::string_view text, std::size_t width, Out& out) {
  out << text << ' ';
  for (auto i = text.size() + 1; i < width; ++i) out << ' ';
}

void write_detail(std::string_view text, Out& out) {
  pad("", 2 + name_width + state_width, out);
  out << text << '\n';
}

void write_user(const Identity& who, Out& out) {
  out << "vitald " << version.number << " as " << (who.name.empty() ? "user" : who.name) << " (uid ";
  out.number(who.uid);
  out << ", gid ";
  out.number(who.gid);
  out << ')';
  std::string_view before = ", groups ";
  for (const auto group : who.groups) {
    out << before;
    out.number(group);
    before = " ";
  }
  out << '\n';
}

// Whoever has most of them is told by what is missing.
void write_capabilities(std::uint64_t set, Out& out) {
  const auto all = capability_names(set), others = capability_names(known_capabilities() & ~set);
  const bool most = all.size() > others.size();
  out << "capabilities: " << (most ? "all" : all.empty() ? "none" : "") << (most && !others.empty() ? " but " : "");
  write_words(most ? others : all, " ", out);
  out << '\n';
}

void write_powers(const Report& report, Out& out) {
  write_capabilities(report.who.capabilities, out);
  out << "privileges can be gained: " << (report.who.no_new_privileges ? "no" : "yes")
      << "; system calls are filtered: " << (report.who.filtered ? "yes" : "no") << '\n';
  if (!report.unit.empty()) out << "in the unit " << report.unit << '\n';
  if (report.container) out << "in a container\n";
}

void write_collector(const Told& told, Out& out) {
  out << "  ";
  pad(told.name, name_width, out);
  if (told.why.empty()) {
    out << name_of(told.state) << '\n';
  } else {
    pad(name_of(told.state), state_width, out);
    out << told.why << '\n';
  }
  if (!told.needs.empty()) write_detail((told.state == State::ok ? "more: " : "needs: ") + told.needs, out);
  if (told.unit.empty()) return;
  pad("", 2 + name_width + state_width, out);
  out << "unit: ";
  write_words(told.unit, ", ", out);
  out << '\n';
}

void write_finding(const Finding& finding, Out& out) {
  out << "  " << finding.what << "\n    loses: " << finding.loses << '\n';
  if (!finding.unit.empty()) out << "    unit: " << finding.unit << '\n';
}

void write_mending(const Report& report, Out& out) {
  const auto lines = report.unit_lines();
  if (lines.empty()) return;
  const bool by_unit = !report.unit.empty() || !report.container;
  out << (by_unit ? "\nwhat would mend it, by systemctl edit vitald:\n  [Service]\n"
                  : "\nwhat would mend it, were it a unit of systemd (a container has --cap-add and the like):\n");
  for (const auto& line : lines) out << "  " << line << '\n';
}

void write_count(const Report& report, Out& out) {
  const auto count = [&](auto fits) { return std::ranges::count_if(report.collectors, fits); };
  out << "\ncollectors: ";
  out.number(count([](const Told& told) { return told.state == State::ok; }));
  out << " work, ";
  out.number(count([](const Told& told) { return told.state == State::absent; }));
  out << " have nothing to tell here, ";
  out.number(count([](const Told& told) { return told.fault; }));
  out << " fail\n";
}

}  // namespace

bool Report::has_faults() const {
  return std::ranges::any_of(collectors, &Told::fault) || std::ranges::any_of(surroundings, &Finding::fault);
}

std::vector<std::string> Report::unit_lines() const {
  std::vector<std::string> capabilities, others;
  for (const auto& told : collectors) {
    if (!told.fault) continue;
    for (const auto& each : told.missing)
      if (std::ranges::count(capabilities, each) == 0) capabilities.push_back(each);
    for (const auto& line : told.unit)
      if (told.missing.empty() || line.find("apabilit") == line.npos) others.push_back(line);
  }
  for (const auto& finding : surroundings)
    if (finding.fault && !finding.unit.empty()) others.push_back(finding.unit);
  return check::unit_lines(capabilities, others);
}

void write_text(const Report& report, Out& out) {
  write_user(report.who, out);
  write_powers(report, out);
  write_count(report, out);
  for (const auto& told : report.collectors) write_collector(told, out);
  if (!report.off.empty()) out << "  off: ";
  write_words(report.off, " ", out);
  if (!report.off.empty()) out << '\n';
  if (!report.surroundings.empty()) out << "\nsurroundings:\n";
  for (const auto& finding : report.surroundings) write_finding(finding, out);
  write_mending(report, out);
  out << (report.has_faults() ? "\nsomething is lost\n" : "\nnothing is lost\n");
}

}  // namespace vitald::check
