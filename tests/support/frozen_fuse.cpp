// A tiny file system for tests: one folder, `below`, to mount on, and one file of metrics; a second, when SIGHUP comes,
// and no more when it comes again. SIGUSR1 freezes every answer of it, SIGUSR2 thaws it. Usage: frozen_fuse MOUNT_POINT
// (stays in the foreground; ends by SIGTERM or an unmount).
#define FUSE_USE_VERSION 35
#include <errno.h>
#include <fuse.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <string_view>
#include <thread>

namespace {

std::atomic<bool> frozen = false, has_second = false;
constexpr std::string_view metrics_file = "/a.prom", second_file = "/b.prom", metrics = "from_frozen_file 1\n";

void answer_when_thawed() {
  while (frozen) {
    const timespec moment{0, 5'000'000};
    ::nanosleep(&moment, nullptr);
  }
}

int attributes(const char* path, struct stat* out, fuse_file_info*) {
  answer_when_thawed();
  const std::string_view name(path);
  if (name == metrics_file || (name == second_file && has_second)) {
    out->st_mode = S_IFREG | 0644;
    out->st_nlink = 1;
    out->st_size = static_cast<off_t>(metrics.size());
    return 0;
  }
  if (name != "/" && name != "/below") return -ENOENT;
  out->st_mode = S_IFDIR | 0755;
  out->st_nlink = 2;
  return 0;
}

int sizes(const char*, struct statvfs* out) {
  answer_when_thawed();
  out->f_bsize = out->f_frsize = 4096;
  out->f_blocks = 1000;
  out->f_bfree = out->f_bavail = 500;
  out->f_files = 2;
  return 0;
}

int list(const char*, void* buffer, fuse_fill_dir_t fill, off_t, fuse_file_info*, fuse_readdir_flags) {
  answer_when_thawed();
  fill(buffer, "below", nullptr, 0, fuse_fill_dir_flags{});
  fill(buffer, metrics_file.data() + 1, nullptr, 0, fuse_fill_dir_flags{});
  if (has_second) fill(buffer, second_file.data() + 1, nullptr, 0, fuse_fill_dir_flags{});
  return 0;
}

int read_metrics(const char*, char* buffer, std::size_t size, off_t from, fuse_file_info*) {
  answer_when_thawed();
  const auto text = metrics.substr(std::min(static_cast<std::size_t>(from), metrics.size()), size);
  std::memcpy(buffer, text.data(), text.size());
  return static_cast<int>(text.size());
}

void* nothing_is_remembered(fuse_conn_info*, fuse_config* config) {
  config->entry_timeout = config->attr_timeout = config->negative_timeout = 0;
  return nullptr;
}

// Signals go to this thread alone, so that they are seen however many answers hang.
void obey(sigset_t signals) {
  for (;;) {
    int signal = 0;
    if (::sigwait(&signals, &signal) != 0) continue;
    if (signal == SIGHUP)
      has_second = !has_second;
    else
      frozen = signal == SIGUSR1;
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 64;
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGUSR1);
  ::sigaddset(&signals, SIGUSR2);
  ::sigaddset(&signals, SIGHUP);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::thread(obey, signals).detach();
  fuse_operations operations{};
  operations.getattr = attributes;
  operations.statfs = sizes;
  operations.readdir = list;
  operations.read = read_metrics;
  operations.init = nothing_is_remembered;
  char foreground[] = "-f";
  char for_all[] = "-oallow_other";  // else the kernel answers other users by itself, and nothing hangs for them
  char* fuse_arguments[] = {arguments[0], foreground, for_all, arguments[1], nullptr};
  return fuse_main(4, fuse_arguments, &operations, nullptr);
}
