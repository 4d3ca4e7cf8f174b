#pragma once
// Options of the collector process_groups, which are process-exporter's.
#include "collectors/base/collector.hpp"

namespace vitald::process {

inline constexpr std::string_view group_heading = "Groups of processes";
inline constexpr Option group_options[] = {
    {.flag = "process.config.file",
     .initial = "",
     .help = "process-exporter's file of groups; naming one switches collector.process_groups on.",
     .group = group_heading,
     .is_path = true},
    {.flag = "process.children",
     .kind = Option::Kind::boolean,
     .initial = "true",
     .help = "A process that no rule matches joins the group of its nearest ancestor that is in one.",
     .group = group_heading},
    {.flag = "process.threads",
     .kind = Option::Kind::boolean,
     .initial = "true",
     .help = "Look at each thread; else states and context switches are those of main threads only.",
     .group = group_heading},
    {.flag = "process.gather-smaps",
     .kind = Option::Kind::boolean,
     .initial = "true",
     .help = "Read proportional memory, too, which is costly of large processes.",
     .group = group_heading},
    {.flag = "process.recheck",
     .kind = Option::Kind::boolean,
     .initial = "false",
     .help = "Ask the rules again, at each reading, for processes that are in no group.",
     .group = group_heading},
    {.flag = "process.recheck-with-time-limit",
     .kind = Option::Kind::duration,
     .initial = "0s",
     .help = "The same, while a process is younger than this.",
     .at_least = 0,
     .group = group_heading},
    {.flag = "process.remove-empty-groups",
     .kind = Option::Kind::boolean,
     .initial = "false",
     .help = "Forget a group, with its counters, when it has no process any more.",
     .group = group_heading},
    {.flag = "process.max-groups",
     .kind = Option::Kind::integer,
     .initial = "1000",
     .help = "Groups at most; the processes of further ones are in the group \"other\".",
     .at_least = 1,
     .group = group_heading},
    {.flag = "process.compat",
     .kind = Option::Kind::boolean,
     .initial = "false",
     .help = "Values as process-exporter has them where it is wrong.",
     .group = group_heading},
};

}  // namespace vitald::process
