// What the text format's reader finds again: families by name, labels and series that came before.
#include "collectors/base/metrics_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <limits>

namespace vitald::metrics_text {
namespace {

constexpr std::size_t few = 8;  // labels, that are compared each with each

std::uint64_t hash(std::string_view text) { return std::hash<std::string_view>()(text); }

std::uint64_t mixed(std::uint64_t value) {
  value = (value ^ (value >> 31)) * 0x9E3779B97F4A7C15u;
  return value ^ (value >> 29);
}

const Label* find(std::span<const Label> labels, std::string_view name) {
  const auto at = std::ranges::find(labels, name, &Label::name);
  return at == labels.end() ? nullptr : &*at;
}

bool holds_all(std::span<const Label> labels, std::span<const Label> wanted) {
  return std::ranges::all_of(wanted, [&](const Label& each) {
    const auto* there = find(labels, each.name);
    return each.value == (there ? there->value : std::string_view{});
  });
}

bool named_number(std::string_view word, bool has_sign, double& out) {
  const auto is = [&](std::string_view name) {
    return std::ranges::equal(word, name, [](char a, char b) { return (a | 0x20) == b; });
  };
  if (is("inf") || is("infinity")) return out = std::numeric_limits<double>::infinity(), true;
  if (is("nan") && !has_sign) return out = std::numeric_limits<double>::quiet_NaN(), true;
  return false;
}

}  // namespace

bool Document::known(std::string_view name, std::uint32_t& family) {
  return by_name_.find(hash(name), family, [&](std::uint32_t at) { return families_[at].name == name; });
}

// The family that such a line belongs to; false when it is new.
bool Document::family_of(std::string_view name, std::uint32_t& family) {
  if (known(name, family)) return true;
  for (const std::string_view ending : {"_count", "_sum", "_bucket"}) {
    if (!name.ends_with(ending)) continue;
    if (!known(name.substr(0, name.size() - ending.size()), family)) break;
    const auto kind = families_[family].kind;
    if (kind == Kind::histogram || (kind == Kind::summary && ending != "_bucket")) return true;
    break;
  }
  family = static_cast<std::uint32_t>(families_.size());
  families_.push_back({name, {}});
  by_name_.find_or_add(hash(name), family, [](std::uint32_t) { return false; });
  return false;
}

bool Document::double_label(std::span<const Label> all) {
  if (all.size() <= few) {
    for (std::size_t i = 1; i < all.size(); ++i)
      if (find(all.first(i), all[i].name)) return true;
    return false;
  }
  names_.clear();
  for (const auto& label : all) names_.push_back(label.name);
  std::ranges::sort(names_);
  return std::ranges::adjacent_find(names_) != names_.end();
}

bool Document::seen_before(const Sample& sample) {
  const auto all = labels(sample);
  const auto fresh = static_cast<std::uint32_t>(samples_.size());
  const auto same = [&](std::uint32_t at) {
    return samples_[at].name == sample.name && same_labels(labels(samples_[at]), all);
  };
  return by_series_.find_or_add(hash_of(sample.name, all), fresh, same) != fresh;
}

std::uint64_t hash_of(std::string_view name, std::span<const Label> labels) {
  auto sum = hash(name);
  for (const auto& label : labels)
    if (!label.value.empty()) sum += mixed(hash(label.name) + mixed(hash(label.value)));
  return mixed(sum);
}

bool same_labels(std::span<const Label> a, std::span<const Label> b) { return holds_all(a, b) && holds_all(b, a); }

bool parse_number(std::string_view word, double& out) {
  const bool negative = word.starts_with('-'), has_sign = negative || word.starts_with('+');
  if (has_sign) word.remove_prefix(1);
  double value = 0;
  if (!named_number(word, has_sign, value)) {
    if (word.empty() || (word.front() != '.' && (word.front() < '0' || word.front() > '9'))) return false;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (end != word.data() + word.size() || error == std::errc::invalid_argument) return false;
    if (error != std::errc{}) value = std::strtod(std::string(word).c_str(), nullptr);  // too large, or too small
    if (std::isinf(value)) return false;
  }
  out = negative ? -value : value;
  return true;
}

}  // namespace vitald::metrics_text
