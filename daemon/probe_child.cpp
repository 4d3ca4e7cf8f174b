#include "daemon/probe_child.hpp"

#include "daemon/probe_wire.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
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

// With the bytes that go with it. False: the daemon is gone.
bool send(Answer& answer, std::string_view bytes = {}) {
  answer.bytes = static_cast<std::uint32_t>(bytes.size());
  iovec parts[] = {{&answer, sizeof answer}, {const_cast<char*>(bytes.data()), bytes.size()}};
  msghdr message{};
  message.msg_iov = parts;
  message.msg_iovlen = bytes.empty() ? 1 : 2;
  ssize_t sent = 0;
  do sent = ::sendmsg(wire, &message, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent >= 0;
}

// Sends what is read on, so that the probe stays small.
class Wire final : public FileSink {
 public:
  explicit Wire(Answer& answer) : answer_(answer) {}
  bool take(std::string_view bytes) override {
    answer_.more = true;
    for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), most_bytes))) {
      if (!send(answer_, bytes.substr(0, most_bytes))) return false;
      answer_.first = false;
    }
    return true;
  }

 private:
  Answer& answer_;
};

void leave_if_alone(int) {
  char first = 0;
  if (::recv(wire, &first, sizeof first, MSG_PEEK | MSG_DONTWAIT) == 0) ::_exit(0);
}

// A name service waits in its own code, so a signal reaches it. And the thread that has started this process may end
// before the daemon does, which PR_SET_PDEATHSIG would take for the daemon's end.
int ask_patiently(const char* number, std::string& name) {
  constexpr itimerval each_second{{1, 0}, {1, 0}}, never{};
  struct sigaction look {};
  look.sa_handler = leave_if_alone;
  look.sa_flags = SA_RESTART;
  ::prctl(PR_SET_PDEATHSIG, 0);
  ::sigaction(SIGALRM, &look, nullptr);
  ::setitimer(ITIMER_REAL, &each_second, nullptr);
  const int error = ask_user_name(number, name);
  ::setitimer(ITIMER_REAL, &never, nullptr);
  return error;
}

// All of the answer but for its last packet.
void work_on(Verb verb, const char* path, Answer& answer) {
  Wire out(answer);
  if (verb == Verb::size) {
    FileSystemSize said;
    answer.error = ask_statfs(path, said);
    answer.read_only = said.read_only;
    answer.block_size = said.block_size, answer.blocks = said.blocks;
    answer.free = said.free, answer.available = said.available;
    answer.files = said.files, answer.files_free = said.files_free;
  } else if (verb == Verb::files) {
    UserFiles files;
    std::string records;
    answer.error = files.list(path, Links::follow, records);
    out.take(records);
  } else if (verb == Verb::facts) {
    answer.error = ask_path(path, Links::follow, answer.facts);
  } else if (verb == Verb::names) {
    answer.error = list_folder(path, answer.stamp, out);
  } else if (verb == Verb::user) {
    std::string name;
    answer.error = ask_patiently(path, name);
    out.take(name);
  } else {
    answer.error = read_user_file(path, Links::follow, answer.stamp, out);
  }
  answer.more = false;
}

// False when the daemon is gone or says what is not understood.
bool serve(const char* packet, std::size_t size, void (*before)(const char*)) {
  Request request;
  if (size < sizeof request) return false;
  std::memcpy(&request, packet, sizeof request);
  if (request.verb == Verb::stop) return true;  // it crossed our last answer
  if (request.verb > Verb::user) return false;
  const char *at = packet + sizeof request, *const end = packet + size;
  for (std::uint32_t index = 0; index < request.count; ++index) {
    const auto length = ::strnlen(at, static_cast<std::size_t>(end - at));
    if (at + length == end) return false;
    if (before) before(at);
    Answer answer;
    answer.index = index;
    work_on(request.verb, at, answer);
    answer.last = index + 1 == request.count || stopped();
    if (!send(answer)) return false;
    if (answer.last) break;
    at += length + 1;
  }
  return true;
}

}  // namespace

int run_probe(void (*before)(const char* path)) {
  static char packet[most_bytes];
  settle();
  Answer here;
  if (!send(here)) return 0;
  for (;;) {
    const auto n = receive(packet, sizeof packet, 0);
    if (n <= 0 || !serve(packet, static_cast<std::size_t>(n), before)) return 0;
  }
}

}  // namespace vitald
