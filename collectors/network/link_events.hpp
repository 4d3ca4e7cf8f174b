#pragma once
// Which network interfaces changed, by the messages that rtnetlink(7) sends to all who listen.
#include <cstdint>
#include <string_view>
#include <vector>

namespace vitald::network {

// The interface's index in such a message; 0 when it tells of none.
std::uint32_t changed_link(std::string_view message);

// Nobody listens between two calls, so that nothing wakes the daemon: what finds no room in the socket is lost, and
// the kernel says that something was.
class LinkEvents {
 public:
  LinkEvents() = default;
  ~LinkEvents();
  LinkEvents(const LinkEvents&) = delete;
  LinkEvents& operator=(const LinkEvents&) = delete;

  enum class Heard : std::uint8_t { nothing, some, lost, deaf };  // deaf: there is no socket to be had
  // Which ones changed since the last call; at the first, and where some messages were lost, any of them may have.
  Heard listen(std::vector<std::uint32_t>& changed);

 private:
  bool open();

  int fd_ = -1;
};

}  // namespace vitald::network
