#include "daemon/launch.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <utility>

namespace vitald {
namespace {

// ---- the first process

int wait_for(pid_t child) {
  int how = 0;
  pid_t who = -1;
  do who = ::waitpid(child, &how, 0);
  while (who < 0 && errno == EINTR);
  return who == child ? how : 0;
}

// Whole, or the other side is gone.
bool read_whole(int pipe, void* into, std::size_t size) {
  auto* at = static_cast<char*>(into);
  while (size > 0) {
    const auto n = ::read(pipe, at, size);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    at += n, size -= static_cast<std::size_t>(n);
  }
  return true;
}

void tell_end(pid_t daemon) {
  const int how = daemon > 0 ? wait_for(daemon) : 0;
  if (WIFSIGNALED(how))
    std::fprintf(stderr, "vitald: the daemon was ended by signal %d (%s) before it was ready\n", WTERMSIG(how),
                 ::strsignal(WTERMSIG(how)));
  else
    std::fputs("vitald: the daemon ended before it was ready\n", stderr);
}

[[noreturn]] void wait_and_leave(int pipe, pid_t child) {
  pid_t daemon = 0;
  int status = EX_SOFTWARE;
  wait_for(child);
  const bool began = read_whole(pipe, &daemon, sizeof daemon);
  if (!read_whole(pipe, &status, sizeof status)) tell_end(began ? daemon : 0);
  ::_exit(status);
}

// ---- the daemon

bool write_whole(int pipe, int value) {
  ssize_t n = 0;
  do n = ::write(pipe, &value, sizeof value);
  while (n < 0 && errno == EINTR);
  return n == sizeof value;
}

bool to_null(int fd) {
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null < 0) return false;
  const bool done = ::dup2(null, fd) == fd;
  ::close(null);
  return done;
}

// The pipe becomes descriptor 3, and what is above is closed.
int alone(int pipe) {
  constexpr int place = 3;
  if (pipe != place) {
    if (::dup3(pipe, place, O_CLOEXEC) != place) return -1;
    ::close(pipe);
  }
  ::close_range(place + 1, ~0U, 0);
  return place;
}

}  // namespace

Result<void> Launch::detach() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return system_fault("detach: pipe");
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // so that the first process can be told how the daemon ended
  const auto child = ::fork();
  if (child < 0) return system_fault("detach: fork");
  if (child > 0) {
    ::close(ends[1]);
    wait_and_leave(ends[0], child);
  }
  ::close(ends[0]);
  pipe_ = ends[1];
  if (::setsid() < 0) return system_fault("detach: setsid");
  const auto grandchild = ::fork();
  if (grandchild < 0) return system_fault("detach: fork");
  if (grandchild > 0) ::_exit(EX_OK);  // the leader of the session goes: no terminal can be won back
  ::umask(022);
  pipe_ = alone(pipe_);
  if (pipe_ < 0 || !write_whole(pipe_, ::getpid())) return system_fault("detach: pipe");
  if (::chdir("/") != 0) return system_fault("detach: chdir");
  if (!to_null(STDIN_FILENO) || !to_null(STDOUT_FILENO)) return system_fault("detach: /dev/null");
  return {};
}

void Launch::report(int status) noexcept {
  if (pipe_ < 0) return;
  to_null(STDERR_FILENO);
  write_whole(pipe_, status);  // nobody may be waiting any more
  ::close(std::exchange(pipe_, -1));
}

Launch::~Launch() { report(EX_SOFTWARE); }

void open_standard_descriptors() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd)
    if (::fcntl(fd, F_GETFD) < 0) ::open("/dev/null", O_RDWR);  // takes the lowest number that is free
}

}  // namespace vitald
