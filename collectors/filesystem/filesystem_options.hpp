#pragma once
// The settings of the collector filesystem.
#include "collectors/base/collector.hpp"
#include "collectors/base/duration.hpp"
#include "collectors/base/scan.hpp"

namespace vitald::filesystem::filesystem_options {

inline std::string_view fault_of_timeout(std::string_view value) {
  const auto duration = parse_duration(value);
  if (!duration) return "it is no duration (such as 500ms or 1m30s)";
  return duration->count() > 0 ? "" : "it must be longer than 0";
}

inline std::string_view fault_of_workers(std::string_view value) {
  unsigned workers = 0;
  return scan::number(value, workers) && workers > 0 ? "" : "it must be a whole number, at least 1";
}

using enum Option::Kind;
inline constexpr std::string_view points_exclude = "collector.filesystem.mount-points-exclude",
                                  points_include = "collector.filesystem.mount-points-include",
                                  types_exclude = "collector.filesystem.fs-types-exclude",
                                  types_include = "collector.filesystem.fs-types-include";

consteval Option old_name(std::string_view flag, std::string_view of) {
  return {flag, regexp, "", "Old name of the exclusion.", of, of, false, true};
}

inline constexpr Option options[] = {
    {points_exclude, regexp, "^/(dev|proc|run/credentials/.+|sys|var/lib/docker/.+|var/lib/containers/storage/.+)($|/)",
     "Mount points to leave out.", points_include},
    {points_include, regexp, "", "Mount points to keep; switches the default exclusion off.", points_exclude},
    old_name("collector.filesystem.ignored-mount-points", points_exclude),
    {types_exclude, regexp,
     "^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fusectl|hugetlbfs|iso9660|mqueue|nsfs|"
     "overlay|proc|procfs|pstore|rpc_pipefs|securityfs|selinuxfs|squashfs|erofs|sysfs|tracefs)$",
     "File system types to leave out.", types_include},
    {types_include, regexp, "", "File system types to keep; switches the default exclusion off.", types_exclude},
    old_name("collector.filesystem.ignored-fs-types", types_exclude),
    {.flag = "collector.filesystem.mount-timeout",
     .kind = duration,
     .initial = "500ms",
     .help = "How long a mount may take to answer before it counts as stuck.",
     .hidden = true,
     .check = fault_of_timeout},
    {.flag = "collector.filesystem.stat-workers",
     .kind = integer,
     .initial = "4",
     .help = "Accepted for the peer's sake: slow mounts are passed by without workers.",
     .hidden = true,
     .check = fault_of_workers},
};

}  // namespace vitald::filesystem::filesystem_options
