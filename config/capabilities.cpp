#include "config/capabilities.hpp"

#include "config/alike.hpp"

#include <algorithm>
#include <iterator>

namespace vitald::config {
namespace {

constexpr std::string_view names[] = {  // in the kernel's order
    "chown",
    "dac_override",
    "dac_read_search",
    "fowner",
    "fsetid",
    "kill",
    "setgid",
    "setuid",
    "setpcap",
    "linux_immutable",
    "net_bind_service",
    "net_broadcast",
    "net_admin",
    "net_raw",
    "ipc_lock",
    "ipc_owner",
    "sys_module",
    "sys_rawio",
    "sys_chroot",
    "sys_ptrace",
    "sys_pacct",
    "sys_admin",
    "sys_boot",
    "sys_nice",
    "sys_resource",
    "sys_time",
    "sys_tty_config",
    "mknod",
    "lease",
    "audit_write",
    "audit_control",
    "setfcap",
    "mac_override",
    "mac_admin",
    "syslog",
    "wake_alarm",
    "block_suspend",
    "audit_read",
    "perfmon",
    "bpf",
    "checkpoint_restore"};

}  // namespace

std::optional<unsigned> capability_number(std::string_view name) {
  if (alike(name.substr(0, 4), "cap_")) name.remove_prefix(4);
  const auto at = std::ranges::find_if(names, [&](std::string_view each) { return alike(each, name); });
  if (at == std::end(names)) return {};
  return static_cast<unsigned>(at - std::begin(names));
}

std::string capability_name(unsigned number) {
  if (number >= std::size(names)) return "CAP_" + std::to_string(number);
  std::string name = "CAP_";
  for (const char c : names[number]) name += c == '_' ? c : static_cast<char>(c - 'a' + 'A');
  return name;
}

unsigned capability_count() { return static_cast<unsigned>(std::size(names)); }

}  // namespace vitald::config
