#pragma once
// Dumps from the kernel by netlink(7): one socket that is kept, and cursors over what it answers.
#include "collectors/base/result.hpp"

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace vitald::netlink {

struct Message {
  std::uint16_t type = 0, flags = 0;
  std::uint32_t sequence = 0;
  std::string_view body;
};

// Steps over the messages of a datagram. Nothing when it is at its end; a Fault when a length does not fit.
class Messages {
 public:
  explicit Messages(std::string_view datagram) : rest_(datagram) {}
  Result<std::optional<Message>> next();

 private:
  std::string_view rest_;
};

struct Attribute {
  std::uint16_t type = 0;
  std::string_view value;
};

// The same over the attributes that follow a message's own header.
class Attributes {
 public:
  explicit Attributes(std::string_view bytes) : rest_(bytes) {}
  Result<std::optional<Attribute>> next();

 private:
  std::string_view rest_;
};

// A header or a number at the front of `bytes`, in the kernel's own layout; false when it does not fit.
template <class T>
bool front(std::string_view bytes, T& out) {
  if (bytes.size() < sizeof out) return false;
  std::memcpy(&out, bytes.data(), sizeof out);
  return true;
}

// What a dump is told to.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual void begin() = 0;  // forget what came: the answer starts, or starts anew
  virtual Result<void> take(const Message& message) = 0;
};

// One dump's answer, without the socket.
class Answer {
 public:
  Answer(std::uint32_t sequence, Listener& listener) : sequence_(sequence), listener_(listener) {}
  // True when the answer is whole. What answers another question is thrown away.
  Result<bool> take(std::string_view datagram);
  bool interrupted() const { return interrupted_; }  // the kernel's list changed on the way

 private:
  Result<bool> take(const Message& message);

  std::uint32_t sequence_;
  Listener& listener_;
  bool interrupted_ = false;
};

// Owned by one collector. A kernel that does not answer is Parse::late after a while.
class Socket {
 public:
  static constexpr std::size_t cap = std::size_t{16} << 20;  // of one dump

  // The kernel fills no more than 32 KiB at once but for a single message that is larger; then the buffer grows.
  // `protocol` is one of NETLINK_…; 0 is rtnetlink.
  explicit Socket(std::size_t first_buffer = 32 << 10, int protocol = 0)
      : protocol_(protocol), buffer_(first_buffer, '\0') {}
  ~Socket() { close(); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  // Asks for all there is of a kind (RTM_GETLINK, …). Asks once more when the list changed meanwhile, and then takes
  // what comes. After a fault the socket is made anew by the next call.
  Result<void> dump(std::uint16_t type, std::string_view header, Listener& listener);

 private:
  Result<void> open();
  void close();
  Result<bool> ask(std::uint16_t type, std::string_view header, Listener& listener);
  Result<std::string_view> receive();

  int protocol_, fd_ = -1;
  std::uint32_t sequence_ = 0;
  std::string buffer_;
};

}  // namespace vitald::netlink
