#include "daemon/log.hpp"

#include "daemon/log_line.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

namespace vitald {
namespace {

// Whole lines to a descriptor, without ever waiting long for who reads them: a file, a pipe, a terminal, or the
// journal's socket. The descriptor's flags are left alone, because others share it.
class DescriptorSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit DescriptorSink(int fd) : own_(reopened(fd)), fd_(own_ >= 0 ? own_ : fd) {}
  ~DescriptorSink() override {
    if (own_ >= 0) ::close(own_);
  }
  std::atomic<std::uint64_t> lost = 0;

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    const std::string_view line(message.payload.data(), message.payload.size());
    if (cut_ && !put("\n")) {
      ++lost;
      return;
    }
    cut_ = false;
    if (!put(line)) ++lost;
  }
  void flush_() override {}

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
  int own_, fd_, patience_ = most_patience;
  bool cut_ = false;  // the last line did not get out whole
};

constexpr std::string_view names[] = {"DEBUG", "INFO", "WARN", "ERROR"};
constexpr spdlog::level::level_enum levels[] = {spdlog::level::debug, spdlog::level::info, spdlog::level::warn,
                                                spdlog::level::err};

std::string_view name_of(Log::Level level) { return names[static_cast<std::size_t>(level)]; }
auto spdlog_level(Log::Level level) { return levels[static_cast<std::size_t>(level)]; }

}  // namespace

struct Log::Lines {
  Lines(Format as, int fd) : format(as), sink(std::make_shared<DescriptorSink>(fd)), logger("vitald", sink) {
    logger.set_level(spdlog::level::trace);  // the level was asked for before
    logger.set_error_handler([this](const std::string&) { ++sink->lost; });
  }

  void write(Level level, std::string_view message, Fields fields) {
    const bool json = format == Format::json;
    Out line;
    line << (json ? "{\"time\":\"" : "time=");
    write_time(line, std::chrono::system_clock::now());
    line << (json ? "\",\"level\":\"" : " level=") << name_of(level) << (json ? "\"," : " ");
    write_field(line, format, "msg", message);
    for (const auto& [key, value] : fields) {
      line << (json ? ',' : ' ');
      write_field(line, format, key, value);
    }
    line << (json ? "}\n" : "\n");
    logger.log(spdlog_level(level), spdlog::string_view_t(line.view().data(), line.view().size()));
  }

  Format format;
  std::shared_ptr<DescriptorSink> sink;
  spdlog::logger logger;
};

Log::Log(Level least, Format format, int fd) : least_(least), lines_(std::make_unique<Lines>(format, fd)) {}
Log::~Log() = default;

std::uint64_t Log::lost() const noexcept { return lines_->sink->lost; }

void Log::compose(Level level, std::string_view message, Fields fields) const noexcept {
  try {
    lines_->write(level, message, fields);
  } catch (...) {  // no memory
    ++lines_->sink->lost;
  }
}

}  // namespace vitald
