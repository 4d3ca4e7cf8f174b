#include "collectors/base/uevents.hpp"

#include "collectors/base/scan.hpp"
#include "collectors/base/source.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>

namespace uevents_test {

using namespace vitald;
using News = Uevents::News;
using namespace std::string_literals;

namespace {

std::string event(std::string_view subsystem) {
  return "change@/devices/virtual/x\0ACTION=change\0DEVPATH=/devices/virtual/x\0SUBSYSTEM="s + std::string(subsystem) +
         "\0SEQNUM=12\0"s;
}

// A kernel that says what the test wants.
class Kernel {
 public:
  explicit Kernel(Sources& sources) {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) == 0);
    sources.uevents().hear(ends[0]);
    fd_ = ends[1];
  }
  ~Kernel() { ::close(fd_); }
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;
  void says(std::string_view text) const {
    REQUIRE(::send(fd_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size()));
  }

 private:
  int fd_;
};

}  // namespace

TEST_SUITE("base/uevents") {
  TEST_CASE("a subsystem is read from an event, and from nothing else") {
    const auto whole = event("watchdog");
    CHECK(subsystem_of_uevent(whole) == "watchdog");
    CHECK(subsystem_of_uevent("libudev\0\xfe\xed\xca\xfe"s).empty());
    CHECK(subsystem_of_uevent("SUBSYSTEM=mem\0"s).empty());
    CHECK(subsystem_of_uevent("add@/devices/x\0MY_SUBSYSTEM=mem\0"s).empty());
    CHECK(subsystem_of_uevent("").empty());
    for (std::size_t n = 0; n < whole.find("watchdog"); ++n)
      CHECK_MESSAGE(subsystem_of_uevent(std::string_view(whole).substr(0, n)).empty(), n);
  }

  TEST_CASE("only its own subsystem's events are a watch's news, once, and from the next generation on") {
    Sources sources;
    auto mem = sources.uevents().watch("mem"), tty = sources.uevents().watch("tty"),
         other = sources.uevents().watch("mem");
    const Kernel kernel(sources);
    for (auto* watch : {&mem, &tty}) CHECK(watch->news() == News::some);  // it has never looked
    for (auto* watch : {&mem, &tty}) CHECK(watch->news() == News::none);
    kernel.says(event("mem"));
    CHECK(mem.news() == News::none);  // asked in this generation
    sources.next_generation();
    CHECK(tty.news() == News::none);
    CHECK(mem.news() == News::some);
    CHECK(mem.news() == News::none);
    CHECK(other.news() == News::some);
    sources.next_generation();
    CHECK(mem.news() == News::none);
  }

  TEST_CASE("a watch of all has news of whatever is told, and does not begin to listen by itself") {
    Sources sources;
    auto all = sources.uevents().watch_all();
    CHECK(all.news() == News::unknown);
    const Kernel kernel(sources);
    CHECK(all.news() == News::some);
    CHECK(all.news() == News::none);
    for (const auto* subsystem : {"mem", "module", "net"}) {
      kernel.says(event(subsystem));
      sources.next_generation();
      CHECK(all.news() == News::some);
      CHECK(all.news() == News::none);
    }
  }

  TEST_CASE("what cannot be understood, and a flood, is news for all") {
    Sources sources;
    auto mem = sources.uevents().watch("mem");
    const Kernel kernel(sources);
    for (const auto& text : {"nonsense"s, std::string(9000, 'x'), "add@/x\0ACTION=add\0"s}) {
      mem.news(), mem.news();
      kernel.says(text);
      sources.next_generation();
      CHECK(mem.news() == News::some);
      CHECK(mem.news() == News::none);
    }
  }

  TEST_CASE("of interfaces, and of what has no events, nothing is known; nor where there is no socket") {
    Sources sources;
    auto net = sources.uevents().watch("net"), none = sources.uevents().watch("");
    const Kernel kernel(sources);
    for (int round = 0; round < 3; ++round) CHECK((net.news() == News::unknown && none.news() == News::unknown));
    Sources deaf;
    auto mem = deaf.uevents().watch("mem");
    deaf.uevents().hear(-1);
    for (int round = 0; round < 3; ++round, deaf.next_generation()) CHECK(mem.news() == News::unknown);
  }

  TEST_CASE("the kernel's own events: a block device comes and goes") {
    Sources sources;
    auto block = sources.uevents().watch("block");
    block.news();
    const int loops = ::open("/dev/loop-control", O_RDWR | O_CLOEXEC);
    if (block.news() == News::unknown || loops < 0) return;  // nobody tells us here, or we may make no device
    const auto cycle = [&] {
      const int made = ::ioctl(loops, LOOP_CTL_ADD, -1);
      if (made >= 0) ::ioctl(loops, LOOP_CTL_REMOVE, made);
      return made >= 0;
    };
    sources.next_generation();
    if (cycle()) CHECK(block.news() == News::some);
    ::close(loops);
  }

  TEST_CASE("a room that ran over is news for all") {
    Sources sources;
    auto hwmon = sources.uevents().watch("hwmon");
    hwmon.news();
    const int one = ::open("/sys/class/mem/null/uevent", O_WRONLY | O_CLOEXEC);
    if (hwmon.news() == News::unknown || one < 0) return;
    constexpr std::string_view change = "change";
    for (int i = 0; i < 1000; ++i)
      if (::write(one, change.data(), change.size()) < 0) break;
    ::close(one);
    sources.next_generation();
    CHECK(hwmon.news() == News::some);
  }
}

}  // namespace uevents_test
