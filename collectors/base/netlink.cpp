#include "collectors/base/netlink.hpp"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <utility>

namespace vitald::netlink {
namespace {

constexpr std::size_t largest_buffer = 1 << 20;
constexpr int receive_room = 1 << 20;
constexpr timeval patience{2, 0};

Fault malformed() { return {Parse::unknown_layout, "netlink: message"}; }

void step(std::string_view& rest, std::size_t length) {
  const auto aligned = (length + 3) & ~std::size_t{3};
  rest.remove_prefix(aligned < rest.size() ? aligned : rest.size());  // the last one may lack its padding
}

}  // namespace

Result<std::optional<Message>> Messages::next() {
  if (rest_.empty()) return std::nullopt;
  nlmsghdr header{};
  if (!front(rest_, header) || header.nlmsg_len < sizeof header || header.nlmsg_len > rest_.size()) return malformed();
  Message message{header.nlmsg_type, header.nlmsg_flags, header.nlmsg_seq,
                  rest_.substr(sizeof header, header.nlmsg_len - sizeof header)};
  step(rest_, header.nlmsg_len);
  return message;
}

Result<std::optional<Attribute>> Attributes::next() {
  if (rest_.empty()) return std::nullopt;
  rtattr header{};
  if (!front(rest_, header) || header.rta_len < sizeof header || header.rta_len > rest_.size())
    return Fault{Parse::unknown_layout, "netlink: attribute"};
  Attribute attribute{static_cast<std::uint16_t>(header.rta_type & NLA_TYPE_MASK),
                      rest_.substr(sizeof header, header.rta_len - sizeof header)};
  step(rest_, header.rta_len);
  return attribute;
}

Result<bool> Answer::take(std::string_view datagram) {
  Messages messages(datagram);
  for (;;) {
    const auto message = messages.next();
    if (!message) return message.error();
    if (!*message) return false;
    if ((*message)->sequence != sequence_) continue;
    const auto whole = take(**message);
    if (!whole || *whole) return whole;
  }
}

Result<bool> Answer::take(const Message& message) {
  if ((message.flags & NLM_F_DUMP_INTR) != 0) interrupted_ = true;
  if (message.type == NLMSG_NOOP) return false;
  if (message.type == NLMSG_OVERRUN) return system_fault("netlink: overrun", ENOBUFS);
  if (message.type == NLMSG_DONE || message.type == NLMSG_ERROR) {
    int error = 0;  // the kernel's, negative
    const bool told = front(message.body, error);
    if (message.type == NLMSG_ERROR && (!told || error == 0)) return malformed();  // no acknowledgement was asked for
    if (error > 0 || error < -4095) return malformed();
    if (error != 0) return system_fault("netlink: answer", -error);
    return true;
  }
  if (const auto taken = listener_.take(message); !taken) return taken.error();
  return false;
}

Result<void> Socket::open() {
  if (fd_ >= 0) return {};
  fd_ = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol_);
  if (fd_ < 0) return system_fault("netlink: socket");
  // Without the room or the patience it works all the same, only less well.
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_room, sizeof receive_room);
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  return {};
}

void Socket::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

Result<void> Socket::dump(std::uint16_t type, std::string_view header, Listener& listener) {
  for (int attempt = 0;; ++attempt) {
    const auto interrupted = ask(type, header, listener);
    if (interrupted && (!*interrupted || attempt > 0)) return {};
    if (interrupted) continue;
    close();  // with it goes what of the answer has not come yet
    const bool grown = interrupted.error().code.value() == EMSGSIZE && buffer_.size() <= largest_buffer &&
                       interrupted.error().code.category() == boost::system::system_category();
    if (!grown || attempt > 1) return interrupted.error();
  }
}

Result<bool> Socket::ask(std::uint16_t type, std::string_view header, Listener& listener) {
  if (const auto opened = open(); !opened) return opened.error();
  char request[64] = {};
  const nlmsghdr head{static_cast<std::uint32_t>(sizeof head + header.size()), type, NLM_F_REQUEST | NLM_F_DUMP,
                      ++sequence_, 0};
  if (head.nlmsg_len > sizeof request) return system_fault("netlink: request", EINVAL);
  std::memcpy(request, &head, sizeof head);
  std::memcpy(request + sizeof head, header.data(), header.size());
  while (::send(fd_, request, head.nlmsg_len, MSG_NOSIGNAL) < 0)
    if (errno != EINTR) return system_fault("netlink: send");
  listener.begin();
  Answer answer(sequence_, listener);
  for (std::size_t total = 0;;) {
    const auto datagram = receive();
    if (!datagram) return datagram.error();
    if ((total += datagram->size()) > cap) return Fault{Parse::too_large, "netlink: dump"};
    const auto whole = answer.take(*datagram);
    if (!whole) return whole.error();
    if (*whole) return answer.interrupted();
  }
}

Result<std::string_view> Socket::receive() {
  for (;;) {
    sockaddr_nl from{};
    socklen_t length = sizeof from;
    const auto n =
        ::recvfrom(fd_, buffer_.data(), buffer_.size(), MSG_TRUNC, reinterpret_cast<sockaddr*>(&from), &length);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return Fault{Parse::late, "netlink: receive"};
    if (n < 0) return system_fault("netlink: receive");
    if (length == sizeof from && from.nl_pid != 0) continue;  // no word of the kernel's
    const auto size = static_cast<std::size_t>(n);
    if (size <= buffer_.size()) return std::string_view(buffer_.data(), size);
    if (size > largest_buffer) return Fault{Parse::too_large, "netlink: message"};
    buffer_.resize(size);  // what did not fit is lost: ask again
    return system_fault("netlink: receive", EMSGSIZE);
  }
}

}  // namespace vitald::netlink
