#include "daemon/log_socket.hpp"

#include "daemon/log.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <optional>

namespace log_socket_test {

using namespace vitald;
namespace fs = std::filesystem;

namespace {

// Listens as the journal or syslog would.
class Listener {
 public:
  Listener() {
    std::string name = "/tmp/vitald.socket.XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
    listen();
  }
  ~Listener() {
    stop();
    fs::remove_all(folder_);
  }
  std::string path() const { return folder_ / "socket"; }
  void listen() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strcpy(address.sun_path, path().c_str());
    fd_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    REQUIRE(::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }
  void stop() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
    fs::remove(path());
  }
  std::optional<std::string> heard() const {
    static char bytes[1 << 17];
    const auto n = ::recv(fd_, bytes, sizeof bytes, 0);
    if (n < 0) return {};
    return std::string(bytes, static_cast<std::size_t>(n));
  }

 private:
  fs::path folder_;
  int fd_ = -1;
};

}  // namespace

TEST_SUITE("daemon/log_socket") {
  TEST_CASE("the journal gets fields, and the message as people read it") {
    const Listener journal;
    const Log log(Log::Level::debug, log_to_journal(journal.path()));
    log.warn("collector fails", {{"collector", "arp"}, {"mount-point", "/a b"}});
    CHECK(journal.heard() ==
          "PRIORITY=4\nSYSLOG_IDENTIFIER=vitald\nMESSAGE=collector fails collector=arp "
          "mount-point=\"/a b\"\nVITALD_COLLECTOR=arp\nVITALD_MOUNT_POINT=/a b\n");
    log.debug("x");
    CHECK(journal.heard()->starts_with("PRIORITY=7\n"));
    log.info("x");
    CHECK(journal.heard()->starts_with("PRIORITY=6\n"));
    log.error("x");
    CHECK(journal.heard()->starts_with("PRIORITY=3\n"));
  }

  TEST_CASE("a value with lines goes with its length, so that it can forge no field") {
    const Listener journal;
    const Log log(Log::Level::info, log_to_journal(journal.path()));
    log.info("x", {{"path", "a\nPRIORITY=0"}});
    const auto text = *journal.heard();
    CHECK(text.find("MESSAGE=x path=\"a\\nPRIORITY=0\"\n") != text.npos);
    CHECK(text.ends_with(std::string("VITALD_PATH\n\x0c\0\0\0\0\0\0\0a\nPRIORITY=0\n", 33)));
  }

  TEST_CASE("what is too large for a datagram is cut") {
    const Listener journal;
    const std::string large(1'000'000, 'x');
    for (auto make : {+[](std::string path) { return log_to_journal(std::move(path)); },
                      +[](std::string path) { return log_to_syslog(std::move(path)); }}) {
      const Log log(Log::Level::info, make(journal.path()));
      log.info("large", {{"value", large}});
      CHECK(log.lost() == 0);
      CHECK(journal.heard()->size() > 7'000);
    }
  }

  TEST_CASE("syslog gets one line with priority, time, name and pid") {
    const Listener daemon;
    const Log log(Log::Level::info, log_to_syslog(daemon.path()));
    log.error("cannot listen", {{"address", ":9100"}, {"bytes", "\n\x1b"}});
    const auto text = *daemon.heard();
    CHECK(text.starts_with("<27>"));
    CHECK(text.substr(7, 1) == " ");  // Nov 23 15:04:05
    CHECK(text.substr(13, 1) == ":");
    CHECK(text.substr(19) ==
          " vitald[" + std::to_string(::getpid()) + "]: cannot listen address=:9100 bytes=\"\\n\\x1b\"");
  }

  TEST_CASE("nobody there, or nobody who reads: counted, not waited for, and told when it works again") {
    Listener daemon;
    const Log log(Log::Level::info, log_to_syslog(daemon.path()));
    log.info("heard");
    CHECK(daemon.heard());
    daemon.stop();
    for (int i = 0; i < 5; ++i) log.info("gone", {{"number", std::to_string(i)}});
    CHECK(log.lost() == 5);
    daemon.listen();
    log.info("back");
    CHECK(daemon.heard()->find("]: lines of the log were lost lines=5") != std::string::npos);
    CHECK(daemon.heard()->ends_with("]: back"));
    CHECK(log.lost() == 5);
    for (int i = 0; i < 2000; ++i) log.info("unread", {{"number", std::to_string(i)}});
    CHECK(log.lost() > 5);
  }

  TEST_CASE("a daemon that was started anew between two lines costs none") {
    Listener daemon;
    const Log log(Log::Level::info, log_to_journal(daemon.path()));
    log.info("one");
    CHECK(daemon.heard());
    daemon.stop();
    daemon.listen();
    log.info("two");
    CHECK(daemon.heard());
    CHECK(log.lost() == 0);
  }

  TEST_CASE("whether somebody listens, and whether stderr is the journal's") {
    Listener daemon;
    CHECK(somebody_listens(daemon.path()));
    daemon.stop();
    CHECK_FALSE(somebody_listens(daemon.path()));
    CHECK_FALSE(somebody_listens(std::string(200, 'x')));
    struct stat about {};
    REQUIRE(::fstat(2, &about) == 0);
    const auto is = std::to_string(about.st_dev) + ":" + std::to_string(about.st_ino);
    CHECK(stderr_is_the_journal(is.c_str()));
    CHECK_FALSE(stderr_is_the_journal((is + "1").c_str()));
    CHECK_FALSE(stderr_is_the_journal(("1" + is).c_str()));
    for (const char* odd : {"", ":", "8", "x:y", "8:"}) CHECK_FALSE(stderr_is_the_journal(odd));
    CHECK_FALSE(stderr_is_the_journal(nullptr));
  }
}

}  // namespace log_socket_test
