// The names in /proc/net/snmp, netstat and snmp6, and which of them are shown.
#include "collectors/network/netstat.hpp"

#include "collectors/base/scan.hpp"

#include <algorithm>

namespace vitald::network {
namespace {

constexpr std::size_t most_names = 4096, most_lines = 4096;  // kernels have some 400 and 100

}  // namespace

const FieldNames::Line* FieldNames::known(std::string_view text) {
  if (place_ < lines_.size() && lines_[place_].text == text) return &lines_[place_++];
  while (lines_.size() > place_) {  // the lines have moved: what comes after is judged anew, too
    names_ -= lines_.back().names.size();
    lines_.pop_back();
  }
  return nullptr;
}

// Of repeated names the first is shown.
bool FieldNames::shown(const std::string& name) {
  ++matched_;
  if (!wanted_.found_in(name)) return false;
  return std::ranges::none_of(lines_, [&](const Line& line) { return std::ranges::count(line.names, name) > 0; });
}

Result<FieldNames::Names> FieldNames::keep(Line line) {
  for (auto at = line.names.begin(); at != line.names.end(); ++at)
    if (std::find(line.names.begin(), at, *at) != at || !shown(*at)) at->clear();
  names_ += line.names.size();
  ++place_;
  return Names(lines_.emplace_back(std::move(line)).names);
}

Result<FieldNames::Names> FieldNames::heading(std::string_view text) {
  if (const auto* line = known(text)) return Names(line->names);
  Line made{std::string(text), {}};
  const auto protocol = scan::take_until(text, ':');
  if (!scan::plain(protocol)) return Fault{Parse::unknown_layout, {}};
  for (auto field = scan::take_word(text); !field.empty(); field = scan::take_word(text)) {
    if (!scan::plain(field)) return Fault{Parse::unknown_layout, {}};
    if (names_ + made.names.size() >= most_names || lines_.size() >= most_lines) return Fault{Parse::too_large, {}};
    made.names.push_back(std::string(protocol).append("_").append(field));
  }
  if (made.names.empty()) return Fault{Parse::truncated, {}};
  return keep(std::move(made));
}

Result<FieldNames::Names> FieldNames::key(std::string_view word) {
  if (const auto* line = known(word)) return Names(line->names);
  if (!scan::plain(word)) return Fault{Parse::unknown_layout, {}};
  if (lines_.size() >= most_lines) return Fault{Parse::too_large, {}};
  Line made{std::string(word), {}};
  if (const auto six = word.find('6'); six != word.npos && six + 1 < word.size())
    made.names.push_back(std::string(word.substr(0, six + 1)).append("_").append(word.substr(six + 1)));
  return keep(std::move(made));
}

}  // namespace vitald::network
