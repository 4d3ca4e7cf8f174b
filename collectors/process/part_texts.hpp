#pragma once
// What the kernel writes of one process's parts, each file by a pure function.
#include "collectors/base/process_parts.hpp"
#include "collectors/base/result.hpp"

#include <map>
#include <string_view>

namespace vitald::process {

// /proc/PID/limits, whole.
Result<void> parse_all_limits(std::string_view text, std::vector<ProcessPart::Limit>& out);

// /proc/PID/smaps: maps of one path are added up; those without a path are "[anon]".
Result<void> parse_smaps(std::string_view text, std::vector<ProcessPart::Map>& out);

// /proc/PID/environ: what has no '=' is passed by.
void parse_environment(std::string_view text, std::vector<ProcessPart::Variable>& out);

// /proc/PID/fdinfo/N: pos and flags, the latter in octal digits.
void parse_fdinfo(std::string_view text, ProcessPart::OpenFile& out);

// /proc/PID/cgroup, "4:cpu,cpuacct:/a": lines of another shape are passed by.
void parse_cgroups(std::string_view text, std::vector<ProcessPart::Cgroup>& out);

// "socket:[123]" of what a descriptor or a namespace leads to; false for other texts.
bool parse_inode(std::string_view link, std::string_view kind, std::uint64_t& out);

}  // namespace vitald::process
