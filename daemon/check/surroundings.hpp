#pragma once
// What a sandbox or a container hides from this process, though each file that it does see can be read.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vitald::check {

// What is looked at, read before. A text that cannot be had is none.
struct Facts {
  std::string mounts;                                    // /proc/self/mountinfo
  std::optional<std::string> first_mounts;               // /proc/1/mountinfo
  std::string users;                                     // /proc/self/uid_map
  std::string devices;                                   // /proc/net/dev
  std::string own_network, own_name;                     // the links /proc/self/ns/net and uts
  std::optional<std::string> first_network, first_name;  // those of process 1
  std::string cgroup;                                    // /proc/self/cgroup
  bool container_marks = false;                          // /.dockerenv and the like, or the variable "container"
  bool own_roots = false;                                // --path.procfs and --path.rootfs are the usual ones
};

struct Finding {
  std::string what, loses;
  std::string unit;    // the line that would show it
  bool fault = false;  // false: may well be wanted so
};

std::vector<Finding> findings(const Facts& facts);

// "vitald.service"; empty when systemd has not started it as a service.
std::string unit_of(std::string_view cgroup);

std::optional<std::string> text_of(const char* path);  // of a small file of /proc

Facts facts_here(bool own_roots);

}  // namespace vitald::check
