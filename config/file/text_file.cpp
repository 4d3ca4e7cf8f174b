#include "config/file/text_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace vitald::config {
namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 20;

std::string read_whole(int fd, std::string& text) {
  struct stat about {};
  if (fd < 0 || ::fstat(fd, &about) != 0) return std::strerror(errno);
  if (!S_ISREG(about.st_mode)) return "it is no plain file";
  text.resize(most_bytes + 1);
  std::size_t taken = 0;
  while (taken < text.size()) {
    const auto size = ::read(fd, text.data() + taken, text.size() - taken);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return std::strerror(errno);
    if (size == 0) break;
    taken += static_cast<std::size_t>(size);
  }
  text.resize(taken);
  return taken > most_bytes ? "it is larger than 1 MiB" : "";
}

}  // namespace

std::string read_text_file(const std::string& path, std::string& text) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  auto fault = read_whole(fd, text);
  if (fd >= 0) ::close(fd);
  return fault;
}

}  // namespace vitald::config
