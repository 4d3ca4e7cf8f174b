#include "collectors/watch/drain.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <thread>

namespace vitald::watch {
namespace {

// After a wake-up: what comes meanwhile is read with it. A wake-up costs more than a hundred events in a batch.
constexpr auto gather = std::chrono::milliseconds(2);
constexpr std::size_t at_once = std::size_t{1} << 20;

}  // namespace

Bell::Bell() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (fd_ < 0) throw std::system_error(errno, std::system_category(), "eventfd");
}
Bell::~Bell() { ::close(fd_); }
void Bell::ring() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(fd_, &one, sizeof one);
}
void Bell::clear() const {
  std::uint64_t times = 0;
  [[maybe_unused]] const auto size = ::read(fd_, &times, sizeof times);
}

void Drain::add(From from) {
  {
    const std::lock_guard lock(mutex_);
    orders_.sources.push_back(std::move(from));
  }
  bell_.ring();
}

void Drain::remove(const From& from) {
  {
    const std::lock_guard lock(mutex_);
    std::erase(orders_.sources, from);
  }
  bell_.ring();
}

void Drain::mark(From from, std::uint64_t mark) {
  {
    const std::lock_guard lock(mutex_);
    orders_.marks.emplace_back(std::move(from), mark);
  }
  bell_.ring();
}

void Drain::eaten(std::size_t bytes) {
  const auto before = untouched_.fetch_sub(bytes);
  if (before >= room_ && before - bytes < room_) bell_.ring();
}

void Drain::stop() {
  {
    const std::lock_guard lock(mutex_);
    orders_.stop = true;
  }
  bell_.ring();
}

void Drain::run() {
  buffer_ = std::make_unique_for_overwrite<char[]>(at_once);  // pages that are never written to cost nothing
  for (;;) {
    std::vector<std::pair<From, std::uint64_t>> marks;
    std::vector<From> sources;
    {
      const std::lock_guard lock(mutex_);
      if (orders_.stop) return;
      marks.swap(orders_.marks);
      sources = orders_.sources;
    }
    for (const auto& [from, number] : marks) take(from, number);
    wait(sources);
  }
}

// Until there is something. While there is no room, the kernel keeps it, and tells if that is too much for it.
void Drain::wait(const std::vector<From>& sources) {
  std::vector<pollfd> asked(1, pollfd{bell_.fd(), POLLIN, 0});
  if (untouched_ < room_)
    for (const auto& from : sources) asked.push_back({from->fd(), POLLIN, 0});
  while (::poll(asked.data(), asked.size(), -1) < 0 && errno == EINTR) {
  }
  if (asked[0].revents != 0) bell_.clear();
  const auto has = [](const pollfd& each) { return each.revents != 0; };
  if (std::none_of(asked.begin() + 1, asked.end(), has)) return;
  std::this_thread::sleep_for(gather);
  for (std::size_t i = 1; i < asked.size(); ++i)
    if (has(asked[i])) take(sources[i - 1], 0);
}

void Drain::take(const From& from, std::uint64_t mark) {
  Block block;
  block.mark = mark;
  from->read({buffer_.get(), at_once}, block);
  const auto now = untouched_ += block.bytes.size();
  if (now > most_untouched_) most_untouched_ = now;
  if (!block.bytes.empty() || mark != 0) deliver_(from, std::move(block));
}

}  // namespace vitald::watch
