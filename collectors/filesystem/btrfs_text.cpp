// What btrfs writes, and how it lays data out.
#include "collectors/base/scan.hpp"
#include "collectors/filesystem/btrfs.hpp"

#include <iterator>
#include <optional>

namespace vitald::filesystem {

Result<void> parse_commit_stats(std::string_view text, Commits& out) {
  constexpr std::string_view source = "commit_stats";
  constexpr std::string_view names[] = {"commits", "last_commit_ms", "max_commit_ms", "total_commit_ms"};
  std::optional<std::uint64_t> values[std::size(names)];
  for (std::size_t number = 1; !text.empty(); ++number) {
    auto line = scan::take_line(text);
    const auto name = scan::take_word(line);
    for (std::size_t i = 0; i < std::size(names); ++i) {
      if (name != names[i]) continue;
      std::uint64_t value = 0;
      if (!scan::numbers(line, value) || !scan::take_word(line).empty())
        return Fault{Parse::not_a_number, source, number};
      values[i] = value;
    }
  }
  for (const auto& value : values)
    if (!value) return Fault{Parse::truncated, source};
  const auto seconds = [](std::uint64_t milliseconds) { return static_cast<double>(milliseconds) / 1000; };
  out = {*values[0], seconds(*values[1]), seconds(*values[2]), seconds(*values[3])};
  return {};
}

double allocation_ratio(std::string_view profile, std::size_t devices) {
  struct Known {
    std::string_view profile;
    double copies, parity;
  };
  constexpr Known all[] = {{"single", 1, 0},  {"raid0", 1, 0},   {"dup", 2, 0},   {"raid1", 2, 0}, {"raid10", 2, 0},
                           {"raid1c3", 3, 0}, {"raid1c4", 4, 0}, {"raid5", 1, 1}, {"raid6", 1, 2}};
  const auto count = static_cast<double>(devices);
  for (const auto& known : all)
    if (known.profile == profile) return known.parity == 0 ? known.copies : count / (count - known.parity);
  return 0;
}

}  // namespace vitald::filesystem
