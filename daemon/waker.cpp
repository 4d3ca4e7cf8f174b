#include "daemon/waker.hpp"

#include <sys/eventfd.h>
#include <boost/asio/buffer.hpp>

#include <system_error>

namespace vitald {
namespace {

int made_event() {
  const int fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd < 0) throw std::system_error(errno, std::system_category(), "eventfd");
  return fd;
}

}  // namespace

Waker::Waker(boost::asio::io_context& loop, std::function<void()> woken)
    : event_(loop, made_event()), woken_(std::move(woken)) {
  wait();
}

void Waker::wake() {
  const std::uint64_t one = 1;
  // Fails only when 2^64 wake-ups have not been read.
  [[maybe_unused]] const auto written = ::write(event_.native_handle(), &one, sizeof one);
}

void Waker::wait() {
  event_.async_read_some(boost::asio::buffer(&times_, sizeof times_),
                         [this](boost::system::error_code ec, std::size_t) {
                           if (ec) return;
                           wait();  // before the work: what is written meanwhile is for the next turn
                           woken_();
                         });
}

}  // namespace vitald
