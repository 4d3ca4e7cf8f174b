#include "daemon/notify.hpp"

#include "daemon/handed_over.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <map>
#include <thread>

namespace notify_test {

using namespace vitald;
using namespace std::chrono_literals;

namespace {

// A socket as systemd's, in the abstract name space.
class Manager {
 public:
  Manager() : name("@vitald-test-" + std::to_string(::getpid())) {
    fd_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_un address;
    socklen_t length;
    REQUIRE(notify_address(name, address, length));
    REQUIRE(::bind(fd_, reinterpret_cast<const sockaddr*>(&address), length) == 0);
  }
  ~Manager() { ::close(fd_); }
  std::string heard() const {  // one message; "-": none
    char text[4096];
    const auto n = ::recv(fd_, text, sizeof text, 0);
    return n < 0 ? "-" : std::string(text, static_cast<std::size_t>(n));
  }
  const std::string name;

 private:
  int fd_;
};

HandedOver handed(const std::map<std::string, std::string_view>& environment) {
  return read_handed_over(
      [&](const char* name) {
        const auto found = environment.find(name);
        return found == environment.end() ? std::string_view() : found->second;
      },
      42);
}

const Log quiet(Log::Level::error);

}  // namespace

TEST_SUITE("daemon/notify") {
  TEST_CASE("each step of a life is told in one message") {
    const Manager systemd;
    boost::asio::io_context loop;
    Notify notify(loop, quiet, systemd.name, 0us);
    CHECK(notify.wanted());
    CHECK(systemd.heard() == "-");  // nobody waits for a sign of life
    notify.ready("47 collectors");
    CHECK(systemd.heard() == "READY=1\nSTATUS=47 collectors");
    notify.reloading();
    const auto told = systemd.heard();
    CHECK(told.starts_with("RELOADING=1\nMONOTONIC_USEC="));
    CHECK(told.ends_with("\nSTATUS=Reloading"));
    notify.ending();
    CHECK(systemd.heard() == "STOPPING=1\nSTATUS=Ending");
  }

  TEST_CASE("a sign of life comes at half of the watchdog's time") {
    const Manager systemd;
    boost::asio::io_context loop;
    Notify notify(loop, quiet, systemd.name, 40ms);
    CHECK(systemd.heard() == "WATCHDOG=1");
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 3; ++i) {
      loop.run_one();
      CHECK(systemd.heard() == "WATCHDOG=1");
    }
    CHECK(std::chrono::steady_clock::now() - start >= 60ms);
  }

  TEST_CASE("what the socket has no room for comes later, and in order") {
    const Manager systemd;
    boost::asio::io_context loop;
    Notify flood(loop, quiet, systemd.name, 0us), notify(loop, quiet, systemd.name, 0us);
    for (int i = 0; i < 5000; ++i) flood.ready("");  // net.unix.max_dgram_qlen is 10 to some hundreds
    notify.ready("late");
    notify.ending();
    while (systemd.heard() == "READY=1\nSTATUS=") continue;
    std::string last, all;
    for (int turn = 0; turn < 10 && all.find("STOPPING=1") == all.npos; ++turn) {
      loop.run_one();
      while ((last = systemd.heard()) != "-") all += last + "\n";
    }
    CHECK(all.find("READY=1\nSTATUS=late\nSTOPPING=1\nSTATUS=Ending\n") != all.npos);
  }

  TEST_CASE("nobody to tell: no descriptor, no timer, no fault") {
    boost::asio::io_context loop;
    for (const char* address : {"", "relative", "vsock:2:1"}) {
      Notify notify(loop, quiet, address, 1s);
      CHECK_FALSE(notify.wanted());
      notify.reloading();
      notify.ready("");
      notify.ending();
    }
    CHECK(loop.poll() == 0);
    Notify gone(loop, quiet, "/nowhere/notify", 0us);
    gone.ready("");
    gone.ending();
  }

  TEST_CASE("an address is a path or an abstract name, and fits") {
    sockaddr_un out;
    socklen_t length;
    CHECK(notify_address("/run/systemd/notify", out, length));
    CHECK(length == offsetof(sockaddr_un, sun_path) + sizeof "/run/systemd/notify");
    CHECK(notify_address("@a", out, length));
    CHECK(length == offsetof(sockaddr_un, sun_path) + 2);
    CHECK(out.sun_path[0] == '\0');
    CHECK_FALSE(notify_address("", out, length));
    CHECK_FALSE(notify_address("@", out, length));
    CHECK_FALSE(notify_address("/" + std::string(200, 'x'), out, length));
  }
}

TEST_SUITE("daemon/handed_over") {
  TEST_CASE("sockets with their names") {
    const auto all = handed({{"LISTEN_PID", "42"}, {"LISTEN_FDS", "3"}, {"LISTEN_FDNAMES", "web:unix"}});
    REQUIRE(all.sockets.size() == 3);
    CHECK(all.sockets[0].fd == 3);
    CHECK(all.sockets[0].name == "web");
    CHECK(all.sockets[1].name == "unix");
    CHECK(all.sockets[2].fd == 5);
    CHECK(all.sockets[2].name.empty());
  }

  TEST_CASE("those of another process, or nonsense, are none") {
    CHECK(handed({}).sockets.empty());
    CHECK(handed({{"LISTEN_FDS", "1"}}).sockets.empty());
    CHECK(handed({{"LISTEN_PID", "41"}, {"LISTEN_FDS", "1"}}).sockets.empty());
    CHECK(handed({{"LISTEN_PID", "42"}, {"LISTEN_FDS", "-1"}}).sockets.empty());
    CHECK(handed({{"LISTEN_PID", "42"}, {"LISTEN_FDS", "x"}}).sockets.empty());
    CHECK(handed({{"LISTEN_PID", "42"}, {"LISTEN_FDS", "99999999999"}}).sockets.size() == 64);
  }

  TEST_CASE("the watchdog is ours unless it names another process") {
    CHECK(handed({{"NOTIFY_SOCKET", "/n"}, {"WATCHDOG_USEC", "60000000"}}).watchdog == 60s);
    CHECK(handed({{"NOTIFY_SOCKET", "@n"}, {"WATCHDOG_USEC", "5"}, {"WATCHDOG_PID", "42"}}).watchdog == 5us);
    CHECK(handed({{"NOTIFY_SOCKET", "@n"}, {"WATCHDOG_USEC", "5"}, {"WATCHDOG_PID", "7"}}).watchdog == 0us);
    CHECK(handed({{"NOTIFY_SOCKET", "@n"}, {"WATCHDOG_USEC", "soon"}}).watchdog == 0us);
    CHECK(handed({{"WATCHDOG_USEC", "5"}}).watchdog == 0us);
    CHECK(handed({{"NOTIFY_SOCKET", "vsock:2:9"}}).notify_socket.empty());
  }
}

}  // namespace notify_test
