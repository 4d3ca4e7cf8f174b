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

Result<std::string_view> FieldNames::learn_key(std::string_view line, std::uint64_t& value) {
  const auto word = scan::take_word(line);
  if (!scan::plain(word)) return Fault{Parse::unknown_layout, {}};
  if (!scan::numbers(line, value)) return Fault{Parse::not_a_number, {}};
  if (!scan::take_word(line).empty()) return Fault{Parse::unknown_layout, {}};
  if (keys_.before().size() >= most_lines) return Fault{Parse::too_large, {}};
  std::string name;
  if (const auto six = word.find('6'); six != word.npos && six + 1 < word.size())
    name.append(word, 0, six + 1).append("_").append(word.substr(six + 1));
  const auto same = [&](const Keys::Line& before) { return before.made == name; };
  if (std::ranges::any_of(keys_.before(), same) || (!name.empty() && !shown(name))) name.clear();
  return std::string_view(keys_.learn(word, "\n", std::move(name))->made);
}

Result<std::string_view> FieldNames::take_key(std::string_view& text, std::uint64_t& value) {
  if (const auto* known_key = keys_.take(text, value)) return std::string_view(known_key->made);
  std::string_view line;
  if (!scan::take_whole_line(text, line)) return Fault{Parse::truncated, {}};
  return learn_key(line, value);
}

}  // namespace vitald::network
