#include "daemon/log_file.hpp"

#include "daemon/log_line.hpp"
#include "daemon/quiet_thread.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <system_error>

namespace vitald {
namespace {

constexpr std::size_t most_waiting = 256 * 1024;  // bytes, when the disk does not follow

int opened_log(const std::string& path) {
  return ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0640);
}

// The file itself. One thread at a time.
class File {
 public:
  File(std::string path, config::LogFormat format, int fd) : path_(std::move(path)), format_(format), fd_(fd) {}
  File(const File&) = delete;
  ~File() { ::close(fd_); }

  void write(std::string_view lines, bool reopen) {
    if (reopen || moved()) open_anew();
    tell_losses();
    if (const auto rest = put(lines); !rest.empty())
      lost_ += static_cast<std::uint64_t>(std::ranges::count(rest, '\n'));
  }
  void lose_one() { ++lost_; }
  std::uint64_t lost() const { return lost_.load(std::memory_order_relaxed); }

 private:
  // Another file has that name, or none. What is no plain file (a pipe, /dev/null) stays open.
  bool moved() const {
    struct stat here {
    }, there{};
    if (::fstat(fd_, &here) != 0 || !S_ISREG(here.st_mode)) return false;
    return ::stat(path_.c_str(), &there) != 0 || here.st_dev != there.st_dev || here.st_ino != there.st_ino;
  }

  // The old one is good as long as there is no new one.
  void open_anew() {
    const int fd = opened_log(path_);
    if (fd < 0) return tell_failure(errno);
    ::close(std::exchange(fd_, fd));
    cut_ = failed_ = false;
  }

  void tell_failure(int error) {
    if (std::exchange(failed_, true)) return;
    const auto reason = std::system_category().message(error);
    const LogRecord::Field fields[] = {{"file", path_}, {"reason", reason}};
    put_record({LogRecord::Level::warn, "the log cannot be opened anew: it goes on in the old file", fields,
                std::chrono::system_clock::now()});
  }

  void tell_losses() {
    const auto lost_before = lost();
    if (lost_before != told_ && put_record(LossNotice(lost_before - told_).record)) told_ = lost_before;
  }

  bool put_record(const LogRecord& record) {
    Out line;
    write_line(line, format_, record);
    return put(line.view()).empty();
  }

  // What did not get out. A line that was cut short is ended before the next one.
  std::string_view put(std::string_view text) {
    if (cut_ && !put_bytes("\n").empty()) return text;
    cut_ = false;
    const auto rest = put_bytes(text);
    cut_ = !rest.empty() && rest.size() != text.size() && *(rest.data() - 1) != '\n';
    return rest;
  }

  std::string_view put_bytes(std::string_view text) const {
    while (!text.empty()) {
      const auto n = ::write(fd_, text.data(), text.size());
      if (n > 0)
        text.remove_prefix(static_cast<std::size_t>(n));
      else if (n == 0 || errno != EINTR)
        break;
    }
    return text;
  }

  std::string path_;
  config::LogFormat format_;
  int fd_;
  std::atomic<std::uint64_t> lost_ = 0;
  std::uint64_t told_ = 0;
  bool cut_ = false, failed_ = false;
};

// What the thread outlives us with.
struct SharedLog {
  SharedLog(std::string path, config::LogFormat format, int fd) : file(std::move(path), format, fd) {}

  bool to_do() const { return !waiting.empty() || reopen; }

  void serve() {
    std::unique_lock lock(mutex);
    for (;;) {
      wake.wait(lock, [&] { return ending || to_do(); });
      if (!to_do()) return;
      work(lock);
      done.notify_all();
    }
  }

  void work(std::unique_lock<std::mutex>& lock) {
    batch.clear();
    batch.swap(waiting);
    const bool anew = std::exchange(reopen, false);
    busy = true;
    lock.unlock();
    file.write(batch, anew);
    lock.lock();
    busy = false;
    if (batch.capacity() > most_waiting / 8) batch = {};
  }

  File file;
  std::mutex mutex;
  std::condition_variable wake, done;
  std::string waiting, batch;
  bool reopen = false, busy = false, ending = false, threaded = false;
};

class FileTarget final : public LogTarget {
 public:
  FileTarget(std::string path, config::LogFormat format, int fd)
      : format_(format), shared_(std::make_shared<SharedLog>(std::move(path), format, fd)) {}
  ~FileTarget() override {
    flush(std::chrono::seconds(1));
    const std::lock_guard lock(shared_->mutex);
    shared_->ending = true;
    shared_->wake.notify_one();
  }

  void take(const LogRecord& record) override {
    Out line;
    write_line(line, format_, record);
    std::unique_lock lock(shared_->mutex);
    if (shared_->waiting.size() + line.size() > most_waiting) return shared_->file.lose_one();
    shared_->waiting.append(line.view());
    go_on(lock);
  }
  void reopen() override {
    std::unique_lock lock(shared_->mutex);
    shared_->reopen = true;
    go_on(lock);
  }
  std::uint64_t lost() const noexcept override { return shared_->file.lost(); }

  // Where there can be no thread, whoever logs writes.
  void start() override {
    try {
      quiet_thread("vitald-log", [shared = shared_] { shared->serve(); }).detach();
      const std::lock_guard lock(shared_->mutex);
      shared_->threaded = true;
    } catch (const std::system_error&) {
    }
  }

  void flush(std::chrono::milliseconds patience) override {
    std::unique_lock lock(shared_->mutex);
    shared_->done.wait_for(lock, patience, [&] { return !shared_->busy && !shared_->to_do(); });
  }

 private:
  void go_on(std::unique_lock<std::mutex>& lock) {
    if (!shared_->threaded) return shared_->work(lock);
    lock.unlock();  // else the thread, woken by this, would wait for the lock
    shared_->wake.notify_one();
  }

  config::LogFormat format_;
  std::shared_ptr<SharedLog> shared_;  // a thread that hangs can be joined by nobody
};

}  // namespace

Result<std::unique_ptr<LogTarget>> log_to_file(const std::string& path, config::LogFormat format) {
  const int fd = opened_log(path);
  if (fd < 0) return system_fault("cannot open");
  return std::unique_ptr<LogTarget>(std::make_unique<FileTarget>(path, format, fd));
}

}  // namespace vitald
