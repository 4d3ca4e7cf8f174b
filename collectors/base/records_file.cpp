#include "collectors/base/records_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

namespace vitald {
namespace {

constexpr std::size_t first_room = 4096, kept_room = std::size_t{1} << 20, cap = std::size_t{16} << 20;
// The kernel hands out a page of records, less one that did not fit: what is shorter than this ended for want of more.
constexpr std::size_t sure_end = 2048;

}  // namespace

void RecordsFile::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

void RecordsFile::open() {
  fd_ = ::open(file_.path().c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  struct stat about {};
  if (fd_ >= 0 && (::fstat(fd_, &about) != 0 || !S_ISREG(about.st_mode) || !may_stay_open(fd_))) close();
}

Result<std::string_view> RecordsFile::read() {
  if (fd_ < 0) open();
  if (fd_ < 0) return file_.read();
  auto text = read_kept();
  if (!text) close();
  return text;
}

Result<std::string_view> RecordsFile::read_kept() {
  if (buffer_.empty() || buffer_.size() > kept_room) std::string(first_room, '\0').swap(buffer_);
  for (std::size_t used = 0;;) {
    if (used == buffer_.size() && used >= cap) return Fault{Parse::too_large, file_.path()};
    if (used == buffer_.size()) buffer_.resize(buffer_.size() * 2);
    const auto room = buffer_.size() - used;
    const auto n = ::pread(fd_, buffer_.data() + used, room, static_cast<off_t>(used));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_fault(file_.path());
    const auto taken = static_cast<std::size_t>(n);
    used += taken;
    if (taken == 0 || (taken < sure_end && taken < room)) return std::string_view(buffer_.data(), used);
  }
}

}  // namespace vitald
