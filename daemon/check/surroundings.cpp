#include "daemon/check/surroundings.hpp"

#include "collectors/base/scan.hpp"

#include <algorithm>
#include <set>

namespace vitald::check {
namespace {

struct Mount {
  std::string_view point, options;  // the super block's options
};

// Of "36 35 98:0 /r /point rw,opts shared:1 - type source super".
std::vector<Mount> mounts_of(std::string_view table) {
  std::vector<Mount> all;
  while (!table.empty()) {
    auto line = scan::take_line(table);
    const auto dash = line.find(" - ");
    if (dash == line.npos) continue;
    auto tail = line.substr(dash + 3);
    for (int i = 0; i < 4; ++i) scan::take_word(line);
    const auto point = scan::take_word(line);
    scan::take_word(tail), scan::take_word(tail);
    all.push_back({point, scan::take_word(tail)});
  }
  return all;
}

// "invisible" of "rw,hidepid=invisible"; nothing when there is no such option.
std::optional<std::string_view> option_of(std::string_view options, std::string_view name) {
  while (!options.empty()) {
    auto each = scan::take_until(options, ',');
    if (each.starts_with(name) && each.substr(name.size()).starts_with('=')) return each.substr(name.size() + 1);
  }
  return std::nullopt;
}

// Who may trace others sees them whatever hidepid says.
void look_at_proc(const std::vector<Mount>& mounts, bool sees_others, std::vector<Finding>& out) {
  std::string_view options;  // of the last mount there: it covers the others
  for (const auto& mount : mounts)
    if (mount.point == "/proc") options = mount.options;
  if (option_of(options, "subset") == "pid")
    out.push_back({"/proc shows processes only", "nearly every collector", "ProcSubset=all", true});
  const auto hidden = option_of(options, "hidepid");
  if (sees_others) return;
  if (hidden && *hidden != "0" && *hidden != "off")
    out.push_back({"/proc hides the processes of others (hidepid=" + std::string(*hidden) + ")",
                   "processes of other users, and the true table of mounts", "ProtectProc=default", true});
  else
    out.push_back({"/proc/1/mountinfo cannot be read",
                   "filesystem: what a sandbox has made read-only or hidden here is shown so", "ProtectProc=default",
                   true});
}

bool is_home(std::string_view point) {
  for (const std::string_view root : {"/home", "/root", "/run/user"})
    if (point == root || (point.starts_with(root) && point.substr(root.size()).starts_with('/'))) return true;
  return false;
}

void look_at_homes(const std::vector<Mount>& own, const std::vector<Mount>& first, std::vector<Finding>& out) {
  std::set<std::string_view> seen;
  for (const auto& mount : own) seen.insert(mount.point);
  const auto is_hidden = [&](const Mount& mount) { return is_home(mount.point) && !seen.contains(mount.point); };
  const auto hidden = std::ranges::find_if(first, is_hidden);
  if (hidden != first.end())
    out.push_back({"the mount " + std::string(hidden->point) + " is hidden",
                   "filesystem: sizes at and below /home, /root and /run/user", "ProtectHome=read-only", true});
}

bool only_loopback(std::string_view devices) {
  std::size_t count = 0;
  while (!devices.empty()) {
    auto line = scan::take_line(devices);
    const auto colon = line.find(':');
    if (colon == line.npos) continue;
    line = line.substr(0, colon);
    if (line.find("lo") == line.npos || line.substr(line.find_first_not_of(' ')) != "lo") return false;
    ++count;
  }
  return count == 1;
}

void look_at_namespaces(const Facts& facts, std::vector<Finding>& out) {
  const bool other_network = facts.first_network && *facts.first_network != facts.own_network;
  if (other_network || only_loopback(facts.devices))
    out.push_back({other_network ? "the network is another than the host's" : "the loopback is the only interface here",
                   "the host's interfaces, sockets and protocol counts", "PrivateNetwork=no", other_network});
  if (facts.first_name && *facts.first_name != facts.own_name)
    out.push_back(
        {"the host name is kept from the start", "uname: a new name of the host", "ProtectHostname=no", false});
  std::string_view map = facts.users;
  auto users = scan::take_line(map);
  const auto inside = scan::take_word(users), outside = scan::take_word(users), count = scan::take_word(users);
  if (!count.empty() && (inside != "0" || outside != "0" || count != "4294967295"))
    out.push_back({"the users are not the host's", "owners read as nobody, and capabilities do not reach the host",
                   "PrivateUsers=no", !facts.container_marks});
}

}  // namespace

std::vector<Finding> findings(const Facts& facts) {
  std::vector<Finding> all;
  const auto own = mounts_of(facts.mounts);
  look_at_proc(own, facts.first_mounts.has_value(), all);
  if (facts.first_mounts) look_at_homes(own, mounts_of(*facts.first_mounts), all);
  look_at_namespaces(facts, all);
  if (facts.container_marks && facts.own_roots)
    all.push_back({"this is a container, and its own files are read",
                   "the host's: mount its / read-only, say at /host, share its network and processes, and pass "
                   "--path.rootfs=/host --path.procfs=/host/proc --path.sysfs=/host/sys",
                   "", false});
  return all;
}

std::string unit_of(std::string_view cgroup) {
  while (!cgroup.empty()) {
    const auto line = scan::take_line(cgroup);
    const auto unit = line.substr(line.rfind('/') + 1);
    if (unit.ends_with(".service")) return std::string(unit);
  }
  return {};
}

}  // namespace vitald::check
