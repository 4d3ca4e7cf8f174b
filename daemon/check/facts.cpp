// What the surroundings are told by: small files and links of /proc.
#include "daemon/check/surroundings.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

namespace vitald::check {

std::optional<std::string> text_of(const char* path) {
  const int fd = ::open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  std::string text;
  char part[16384];
  ssize_t size = 0;
  while ((size = ::read(fd, part, sizeof part)) > 0 && text.size() < (std::size_t{16} << 20))
    text.append(part, static_cast<std::size_t>(size));
  ::close(fd);
  if (size < 0) return std::nullopt;
  return text;
}

namespace {

std::optional<std::string> link_of(const char* path) {
  char target[128];
  const auto size = ::readlink(path, target, sizeof target);
  if (size < 0) return std::nullopt;
  return std::string(target, static_cast<std::size_t>(size));
}

bool has_marks() {
  for (const char* mark : {"/.dockerenv", "/run/.containerenv", "/run/systemd/container"})
    if (::access(mark, F_OK) == 0) return true;
  return std::getenv("container") || std::getenv("KUBERNETES_SERVICE_HOST");
}

}  // namespace

Facts facts_here(bool own_roots) {
  Facts facts;
  facts.mounts = text_of("/proc/self/mountinfo").value_or("");
  facts.first_mounts = text_of("/proc/1/mountinfo");
  facts.users = text_of("/proc/self/uid_map").value_or("");
  facts.devices = text_of("/proc/net/dev").value_or("");
  facts.own_network = link_of("/proc/self/ns/net").value_or("");
  facts.own_name = link_of("/proc/self/ns/uts").value_or("");
  facts.first_network = link_of("/proc/1/ns/net");
  facts.first_name = link_of("/proc/1/ns/uts");
  facts.cgroup = text_of("/proc/self/cgroup").value_or("");
  facts.container_marks = has_marks();
  facts.own_roots = own_roots;
  return facts;
}

}  // namespace vitald::check
