#include "collectors/base/local_way.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace vitald {

LocalWay::~LocalWay() {
  if (watch_ >= 0) ::close(watch_);
}

// The first time, and wherever there is nothing to watch, the table counts as another.
bool LocalWay::told_of_change() {
  if (watch_ < 0) {
    watch_ = ::open(table_.path().c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    return true;
  }
  pollfd asked{watch_, POLLPRI, 0};
  return ::poll(&asked, 1, 0) != 0;
}

bool LocalWay::changed() {
  if (!told_of_change()) return false;
  lines_.clear();
  const auto text = table_.read();
  if (!text || !table_.live()) return true;
  text_.assign(*text);
  if (!parse_mountinfo(text_, lines_)) lines_.clear();
  return true;
}

bool LocalWay::is_around(std::string_view path) const {
  if (lines_.empty() || path.find_first_of(" \t\n\\") != path.npos) return false;  // the table escapes these
  return surroundings_are_local(path, lines_);
}

}  // namespace vitald
