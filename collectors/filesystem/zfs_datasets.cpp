// Counters by dataset, from the files of all pools.
#include "collectors/base/scan.hpp"
#include "collectors/filesystem/zfs.hpp"
#include "collectors/filesystem/zfs_kstat.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace vitald::filesystem {
namespace {

constexpr std::size_t most_numbers = 524'288, most_names = 256;

}  // namespace

void Datasets::begin() {
  used_ = names_used_ = 0;
  numbers_.clear();
}

// The kernel has the same names in the same order in every file.
std::uint32_t Datasets::index_of(std::string_view name, std::uint32_t expected) {
  const auto known = std::span(names_).first(names_used_);
  if (expected < known.size() && known[expected] == name) return expected;
  const auto found = std::ranges::find_if(known, [&](const Text& each) { return each == name; });
  if (found != known.end()) return static_cast<std::uint32_t>(found - known.begin());
  if (names_used_ == names_.size()) names_.emplace_back();
  names_[names_used_] = name;
  return static_cast<std::uint32_t>(names_used_++);
}

Result<void> Datasets::add(std::string_view text, std::string_view pool) {
  KstatLines lines(text);
  if (const auto begun = lines.begin(); !begun) return begun;
  if (used_ == datasets_.size()) datasets_.emplace_back();
  auto& dataset = datasets_[used_];
  dataset.pool = pool;
  dataset.name.clear();
  KstatLine line;
  std::uint32_t expected = 0;
  for (;;) {
    const auto more = lines.next(line);
    if (!more) return more.error();
    if (!*more) break;
    if (line.name == "dataset_name") dataset.name = line.text;
    if (line.value.kind == Value::Kind::absent) continue;
    if (!scan::plain(line.name)) continue;  // no metric could be called so
    if (numbers_.size() == most_numbers || names_used_ == most_names) return lines.fault(Parse::too_large);
    const auto name = index_of(line.name, expected);
    expected = name + 1;
    numbers_.push_back({name, static_cast<std::uint32_t>(used_), line.value});
  }
  if (dataset.name.empty()) return lines.fault(Parse::truncated);
  ++used_;
  return {};
}

void Datasets::mark_repeated() {
  order_.resize(used_);
  std::iota(order_.begin(), order_.end(), 0U);
  const auto key = [&](std::uint32_t i) { return std::pair(datasets_[i].pool.view(), datasets_[i].name.view()); };
  std::ranges::sort(order_, [&](auto a, auto b) { return std::pair(key(a), a) < std::pair(key(b), b); });
  for (std::size_t i = 0; i < used_; ++i) datasets_[order_[i]].repeated = i > 0 && key(order_[i]) == key(order_[i - 1]);
}

void Datasets::fill(Sheet<DatasetStat>& out) {
  mark_repeated();
  const auto place = [](const Number& number) { return std::pair(number.name, number.dataset); };
  std::ranges::sort(numbers_, {}, place);
  const Number* last = nullptr;
  for (const auto& number : numbers_) {
    const auto& dataset = datasets_[number.dataset];
    const bool again = last && place(*last) == place(number);
    last = &number;
    if (dataset.repeated || again) continue;
    auto& row = out.next();
    row.name = names_[number.name];
    row.dataset = dataset.name;
    row.pool = dataset.pool;
    row.value = number.value;
  }
}

}  // namespace vitald::filesystem
