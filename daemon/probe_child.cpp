#include "daemon/probe_child.hpp"

#include "daemon/probe_wire.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

namespace vitald {
namespace {

using namespace probe_wire;

constexpr int wire = 0;

// Holds nothing of the daemon's, and ends with it even while it waits for a mount, where the kernel can still do that.
void settle() {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_NAME, "vitald-probe");
  ::close_range(1, ~0U, 0);
  if (::open("/dev/null", O_RDWR) == 1) ::dup2(1, 2);
  if (::chdir("/") != 0) _exit(1);  // else a mount could not be taken down because of the probe
}

ssize_t receive(void* into, std::size_t size, int flags) {
  for (;;) {
    const auto n = ::recv(wire, into, size, flags);
    if (n >= 0 || errno != EINTR) return n;
  }
}

// Anything that comes while a list is worked on ends that list.
bool stopped() {
  Request request;
  return receive(&request, sizeof request, MSG_DONTWAIT) >= 0;
}

Answer answer_of(std::uint32_t index, int error, const FileSystemSize& size) {
  return {index,       error,     false,          size.read_only, size.block_size,
          size.blocks, size.free, size.available, size.files,     size.files_free};
}

// False when the daemon is gone or says what is not understood.
bool serve(const char* packet, std::size_t size, int (*ask)(const char*, FileSystemSize&)) {
  Request request;
  if (size < sizeof request) return false;
  std::memcpy(&request, packet, sizeof request);
  if (request.verb == Verb::stop) return true;  // it crossed our last answer
  if (request.verb != Verb::statfs) return false;
  const char *at = packet + sizeof request, *const end = packet + size;
  for (std::uint32_t index = 0; index < request.count; ++index) {
    const auto length = ::strnlen(at, static_cast<std::size_t>(end - at));
    if (at + length == end) return false;
    FileSystemSize said;
    const int error = ask(at, said);
    auto answer = answer_of(index, error, said);
    answer.last = index + 1 == request.count || stopped();
    if (::send(wire, &answer, sizeof answer, MSG_NOSIGNAL) < 0) return false;
    if (answer.last) break;
    at += length + 1;
  }
  return true;
}

}  // namespace

int run_probe(int (*ask)(const char* path, FileSystemSize& out)) {
  static char packet[most_bytes];
  settle();
  const Answer here;
  if (::send(wire, &here, sizeof here, MSG_NOSIGNAL) < 0) return 0;
  for (;;) {
    const auto n = receive(packet, sizeof packet, 0);
    if (n <= 0 || !serve(packet, static_cast<std::size_t>(n), ask)) return 0;
  }
}

}  // namespace vitald
