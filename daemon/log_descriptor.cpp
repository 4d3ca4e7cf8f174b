#include "daemon/log_descriptor.hpp"

#include "daemon/log_line.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace vitald {
namespace {

class DescriptorTarget final : public DirectTarget {
 public:
  DescriptorTarget(int fd, config::LogFormat format)
      : format_(format), own_(reopened(fd)), fd_(own_ >= 0 ? own_ : fd) {}
  DescriptorTarget(const DescriptorTarget&) = delete;
  ~DescriptorTarget() override {
    if (own_ >= 0) ::close(own_);
  }

 private:
  bool write(const LogRecord& record) override {
    if (cut_ && !put("\n")) return false;
    cut_ = false;
    line_.clear();
    write_line(line_, format_, record);
    return put(line_.view());
  }

  // A pipe or terminal once more, not blocking; -1 where that is not to be had, then poll(2) alone must do.
  static int reopened(int fd) {
    struct stat about {};
    if (::fstat(fd, &about) != 0 || !(S_ISFIFO(about.st_mode) || S_ISCHR(about.st_mode))) return -1;
    const auto path = "/proc/self/fd/" + std::to_string(fd);
    return ::open(path.c_str(), O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  }

  bool put(std::string_view text) {
    const auto whole = text.size();
    while (!text.empty()) {
      const auto n = put_some(text);
      if (n > 0) {
        patience_ = most_patience;
        text.remove_prefix(static_cast<std::size_t>(n));
      } else if (errno != EINTR) {
        if (text.size() != whole) cut_ = true;
        return false;
      }
    }
    return true;
  }

  // A pipe that poll(2) calls writable takes a page without waiting.
  ssize_t put_some(std::string_view text) {
    constexpr std::size_t page = 4096;
    if (!writable()) return -1;
    const auto n = std::min(page, text.size());
    const auto sent = ::send(fd_, text.data(), n, MSG_DONTWAIT | MSG_NOSIGNAL);
    return sent < 0 && errno == ENOTSOCK ? ::write(fd_, text.data(), n) : sent;
  }

  // Who was slow once is not waited for again until a write has gone through.
  bool writable() {
    pollfd asked{fd_, POLLOUT, 0};
    const auto ready = ::poll(&asked, 1, patience_);
    if (ready == 0) patience_ = 0, errno = EAGAIN;
    return ready > 0;
  }

  static constexpr int most_patience = 20;  // milliseconds
  config::LogFormat format_;
  int own_, fd_;
  int patience_ = most_patience;
  bool cut_ = false;  // the last line did not get out whole
  Out line_;
};

}  // namespace

std::unique_ptr<LogTarget> log_to_descriptor(int fd, config::LogFormat format) {
  return std::make_unique<DescriptorTarget>(fd, format);
}

}  // namespace vitald
