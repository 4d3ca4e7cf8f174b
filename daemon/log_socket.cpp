#include "daemon/log_socket.hpp"

#include "collectors/base/scan.hpp"
#include "daemon/log_line.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>

namespace vitald {
namespace {

// A connection that is made again when the other side has been started anew.
class DatagramSocket {
 public:
  explicit DatagramSocket(std::string path) : path_(std::move(path)) {}
  DatagramSocket(const DatagramSocket&) = delete;
  ~DatagramSocket() { close(); }

  bool send(std::string_view datagram) {
    if (fd_ < 0 && !connect()) return false;
    if (send_once(datagram)) return true;
    if (errno == EAGAIN) return wait() && send_once(datagram);
    close();
    return connect() && send_once(datagram);
  }

  bool connect() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path_.size() >= sizeof address.sun_path) return false;
    std::memcpy(address.sun_path, path_.c_str(), path_.size());
    fd_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd_ < 0) return false;
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return true;
    close();
    return false;
  }

 private:
  bool send_once(std::string_view datagram) {
    const bool sent = ::send(fd_, datagram.data(), datagram.size(), MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
    if (sent) patience_ = most_patience;
    return sent;
  }

  // Who was slow once is not waited for again until something has gone through.
  bool wait() {
    pollfd asked{fd_, POLLOUT, 0};
    return ::poll(&asked, 1, std::exchange(patience_, 0)) > 0;
  }

  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

  static constexpr int most_patience = 20;  // milliseconds
  std::string path_;
  int fd_ = -1, patience_ = most_patience;
};

constexpr int priorities[] = {7, 6, 4, 3};  // of syslog(3), by level

int priority_of(LogRecord::Level level) { return priorities[static_cast<std::size_t>(level)]; }

// ---- the journal: KEY=value and a line's end, or KEY, a line's end, the length in eight bytes, and the value

constexpr std::size_t most_of_a_value = 16 * 1024;

void journal_field(Out& out, std::string_view key, std::string_view value) {
  value = value.substr(0, most_of_a_value);
  out << key;
  if (value.find('\n') == value.npos) {
    out << '=' << value << '\n';
    return;
  }
  out << '\n';
  for (unsigned shift = 0; shift < 64; shift += 8)
    out << static_cast<char>(std::uint64_t{value.size()} >> shift & 0xFF);
  out << value << '\n';
}

// "VITALD_MOUNT_POINT" of "mount-point"; the journal takes capitals, digits and underscores.
std::string journal_key(std::string_view key) {
  std::string all = "VITALD_";
  for (const char c : key.substr(0, 50)) {
    const bool lower = c >= 'a' && c <= 'z';
    const bool plain = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    all += lower ? static_cast<char>(c - 'a' + 'A') : plain ? c : '_';
  }
  return all;
}

class Journal final : public DirectTarget {
 public:
  explicit Journal(std::string path) : socket_(std::move(path)) {}

 private:
  bool write(const LogRecord& record) override {
    Out message, all;
    write_message(message, record);
    journal_field(all, "PRIORITY", std::to_string(priority_of(record.level)));
    journal_field(all, "SYSLOG_IDENTIFIER", "vitald");
    journal_field(all, "MESSAGE", message.view());
    for (const auto& [key, value] : record.fields.first(std::min<std::size_t>(record.fields.size(), 8)))
      journal_field(all, journal_key(key), value);
    return socket_.send(all.view());
  }

  DatagramSocket socket_;
};

// ---- syslog: <30>Nov 23 15:04:05 vitald[4711]: listening address=:9100

constexpr std::size_t most_of_a_line = 8000;  // what rsyslog takes at most, unless told otherwise

class Syslog final : public DirectTarget {
 public:
  explicit Syslog(std::string path) : socket_(std::move(path)) { ::tzset(); }

 private:
  bool write(const LogRecord& record) override {
    constexpr int facility = 3 * 8;
    const auto seconds = std::chrono::system_clock::to_time_t(record.time);
    std::tm local{};
    char time[20] = {};
    ::localtime_r(&seconds, &local);
    std::strftime(time, sizeof time, "%b %e %H:%M:%S", &local);
    Out line;
    line << '<', line.number(facility + priority_of(record.level)), line << '>' << time << " vitald[";
    line.number(::getpid()), line << "]: ";
    write_message(line, record);
    return socket_.send(line.view().substr(0, most_of_a_line));
  }

  DatagramSocket socket_;
};

}  // namespace

std::unique_ptr<LogTarget> log_to_journal(std::string path) { return std::make_unique<Journal>(std::move(path)); }
std::unique_ptr<LogTarget> log_to_syslog(std::string path) { return std::make_unique<Syslog>(std::move(path)); }

bool stderr_is_the_journal(const char* journal_stream) {
  if (!journal_stream) return false;
  const std::string_view text = journal_stream;
  const auto colon = text.find(':');
  std::uint64_t device = 0, inode = 0;
  struct stat about {};
  return colon != text.npos && scan::number(text.substr(0, colon), device) &&
         scan::number(text.substr(colon + 1), inode) && ::fstat(2, &about) == 0 && about.st_dev == device &&
         about.st_ino == inode;
}

bool somebody_listens(const std::string& path) { return DatagramSocket(path).connect(); }

}  // namespace vitald
