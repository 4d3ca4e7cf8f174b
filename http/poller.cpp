#include "http/poller.hpp"

#include "http/session.hpp"

#include <sys/epoll.h>

#include <cerrno>
#include <system_error>

namespace vitald::http {
namespace {

int made() {
  const int fd = ::epoll_create1(EPOLL_CLOEXEC);
  if (fd < 0) throw std::system_error(errno, std::system_category(), "epoll_create1");
  return fd;
}

bool set(int epoll, int operation, int socket, std::uint32_t events, Session& session) {
  epoll_event event{};
  event.events = events | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &session;
  return ::epoll_ctl(epoll, operation, socket, &event) == 0;
}

}  // namespace

Poller::Poller(boost::asio::io_context& loop) : epoll_(loop, made()) { wait(); }

void Poller::watch(int socket, Session& session) {
  if (!set(epoll_.native_handle(), EPOLL_CTL_ADD, socket, EPOLLIN, session))
    throw std::system_error(errno, std::system_category(), "epoll_ctl");
}

void Poller::watch_writing(int socket, Session& session) {
  constexpr std::uint32_t both = EPOLLIN | EPOLLOUT;
  if (!set(epoll_.native_handle(), EPOLL_CTL_MOD, socket, both, session) &&
      !set(epoll_.native_handle(), EPOLL_CTL_ADD, socket, both, session))
    throw std::system_error(errno, std::system_category(), "epoll_ctl");
}

// Closing would do, but that a child just forked may still have the socket.
void Poller::forget(int socket) { ::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_DEL, socket, nullptr); }

void Poller::bury(std::shared_ptr<Session> session) {
  if (waking_) ended_.push_back(std::move(session));
}

void Poller::wait() {
  epoll_.async_wait(decltype(epoll_)::wait_read, [this](boost::system::error_code ec) {
    if (ec) return;
    wake();
    wait();
  });
}

// What is left over makes the next wait end at once.
void Poller::wake() {
  epoll_event events[64];
  const int count = ::epoll_wait(epoll_.native_handle(), events, std::size(events), 0);
  waking_ = true;
  for (int i = 0; i < count; ++i) {
    const auto what = events[i].events;
    const bool over = (what & (EPOLLERR | EPOLLHUP)) != 0, ending = over || (what & EPOLLRDHUP) != 0;
    static_cast<Session*>(events[i].data.ptr)
        ->ready({ending || (what & EPOLLIN) != 0, over || (what & EPOLLOUT) != 0, ending});
  }
  waking_ = false;
  ended_.clear();
}

}  // namespace vitald::http
