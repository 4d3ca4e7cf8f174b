#include "daemon/check/needs.hpp"

#include "collectors/base/scan.hpp"

#include <algorithm>

namespace vitald::check {
namespace {

constexpr std::string_view marks = ".,:;()'";

std::string_view bare(std::string_view word) {
  while (!word.empty() && marks.find(word.front()) != marks.npos) word.remove_prefix(1);
  while (!word.empty() && marks.find(word.back()) != marks.npos) word.remove_suffix(1);
  return word;
}

bool is_unit_line(std::string_view word) {
  const auto equals = word.find('=');
  if (equals == word.npos || equals + 1 == word.size()) return false;
  const auto key = word.substr(0, equals);
  const auto letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
  return key.size() > 2 && key.front() <= 'Z' && std::ranges::all_of(key, letter);
}

std::string_view take_sentence(std::string_view& rest) {
  const auto end = std::min(rest.find(". "), rest.size() - 1) + 1;
  const auto sentence = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return sentence;
}

}  // namespace

std::vector<Need> needs_of(std::string_view sentences) {
  std::vector<Need> all;
  while (!sentences.empty()) {
    Need need{take_sentence(sentences), {}, {}};
    for (auto rest = need.sentence; !rest.empty();) {
      const auto word = bare(scan::take_word(rest));
      if (word.starts_with("CAP_")) need.capabilities.emplace_back(word);
      if (is_unit_line(word)) need.unit.emplace_back(word);
    }
    all.push_back(std::move(need));
  }
  return all;
}

}  // namespace vitald::check
