#include "daemon/check/identity.hpp"

#include "collectors/base/scan.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace vitald::check {
namespace {

// By number, as in linux/capability.h.
constexpr std::string_view names[] = {
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_DAC_READ_SEARCH",
    "CAP_FOWNER",
    "CAP_FSETID",
    "CAP_KILL",
    "CAP_SETGID",
    "CAP_SETUID",
    "CAP_SETPCAP",
    "CAP_LINUX_IMMUTABLE",
    "CAP_NET_BIND_SERVICE",
    "CAP_NET_BROADCAST",
    "CAP_NET_ADMIN",
    "CAP_NET_RAW",
    "CAP_IPC_LOCK",
    "CAP_IPC_OWNER",
    "CAP_SYS_MODULE",
    "CAP_SYS_RAWIO",
    "CAP_SYS_CHROOT",
    "CAP_SYS_PTRACE",
    "CAP_SYS_PACCT",
    "CAP_SYS_ADMIN",
    "CAP_SYS_BOOT",
    "CAP_SYS_NICE",
    "CAP_SYS_RESOURCE",
    "CAP_SYS_TIME",
    "CAP_SYS_TTY_CONFIG",
    "CAP_MKNOD",
    "CAP_LEASE",
    "CAP_AUDIT_WRITE",
    "CAP_AUDIT_CONTROL",
    "CAP_SETFCAP",
    "CAP_MAC_OVERRIDE",
    "CAP_MAC_ADMIN",
    "CAP_SYSLOG",
    "CAP_WAKE_ALARM",
    "CAP_BLOCK_SUSPEND",
    "CAP_AUDIT_READ",
    "CAP_PERFMON",
    "CAP_BPF",
    "CAP_CHECKPOINT_RESTORE",
};

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t");
  return from == text.npos ? std::string_view{} : text.substr(from);
}

void take(std::string_view field, std::string_view value, Identity& out) {
  if (field == "Uid" || field == "Gid") {
    scan::take_word(value);  // the real one; the effective one counts
    scan::number(scan::take_word(value), field == "Uid" ? out.uid : out.gid);
  } else if (field == "Groups") {
    unsigned group = 0;
    for (auto word = scan::take_word(value); !word.empty(); word = scan::take_word(value))
      if (scan::number(word, group)) out.groups.push_back(group);
  } else if (field == "CapEff") {
    std::from_chars(value.data(), value.data() + value.size(), out.capabilities, 16);
  } else if (field == "NoNewPrivs") {
    out.no_new_privileges = value == "1";
  } else if (field == "Seccomp") {
    out.filtered = value == "2";
  }
}

}  // namespace

Identity identity_from(std::string_view status) {
  Identity identity;
  while (!status.empty()) {
    const auto line = scan::take_line(status);
    const auto colon = line.find(':');
    if (colon != line.npos) take(line.substr(0, colon), trimmed(line.substr(colon + 1)), identity);
  }
  return identity;
}

std::optional<unsigned> capability_number(std::string_view name) {
  const auto at = std::ranges::find(names, name);
  if (at == std::end(names)) return std::nullopt;
  return static_cast<unsigned>(at - std::begin(names));
}

bool Identity::has(std::string_view capability) const {
  const auto number = capability_number(capability);
  return number && (capabilities >> *number & 1) != 0;
}

std::uint64_t known_capabilities() { return (std::uint64_t{1} << std::size(names)) - 1; }

std::vector<std::string> capability_names(std::uint64_t set) {
  std::vector<std::string> all;
  for (unsigned i = 0; i < 64; ++i)
    if ((set >> i & 1) != 0) all.push_back(i < std::size(names) ? std::string(names[i]) : "CAP_" + std::to_string(i));
  return all;
}

}  // namespace vitald::check
