#pragma once
#include "collectors/base/collector.hpp"
#include "collectors/filesystem/btrfs_devices.hpp"

namespace vitald::filesystem {

struct Commits {
  std::uint64_t count = 0;
  double last_seconds = 0, longest_seconds = 0, all_seconds = 0;
};
Result<void> parse_commit_stats(std::string_view text, Commits& out);

// How much disk a byte takes in a profile on so many devices; 0 for profiles that are not known.
double allocation_ratio(std::string_view profile, std::size_t devices);

// `own` is the table of this process's own mounts.
std::unique_ptr<Collector> make_btrfs(const Environment& environment, AskVolume ask, std::string own);

}  // namespace vitald::filesystem
