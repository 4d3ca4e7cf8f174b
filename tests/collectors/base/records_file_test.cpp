#include "collectors/base/records_file.hpp"

#include "tests/support/tree.hpp"

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <vector>

namespace records_file_test {

using namespace vitald;

namespace {

// So many that /proc/net/udp, with 128 bytes a socket, is longer than a page.
class Sockets {
 public:
  explicit Sockets(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
      sockaddr_in at{};
      at.sin_family = AF_INET;
      at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      socklen_t size = sizeof at;
      REQUIRE(::bind(fd, reinterpret_cast<const sockaddr*>(&at), size) == 0);
      REQUIRE(::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size) == 0);
      char text[20];
      std::snprintf(text, sizeof text, "0100007F:%04X ", ntohs(at.sin_port));
      fds_.push_back(fd);
      ends_.emplace_back(text);
    }
  }
  ~Sockets() {
    for (const int fd : fds_) ::close(fd);
  }
  Sockets(const Sockets&) = delete;
  Sockets& operator=(const Sockets&) = delete;
  std::size_t listed_in(std::string_view text) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(ends_, [&](const std::string& end) { return text.find(end) != text.npos; }));
  }

 private:
  std::vector<int> fds_;
  std::vector<std::string> ends_;
};

}  // namespace

TEST_SUITE("base/records_file") {
  TEST_CASE("a list is whole at the first reading and at the next, however long") {
    RecordsFile file("/proc/net/udp");
    if (!file.read()) return;
    for (const std::size_t count : {0u, 3u, 40u, 400u}) {
      const Sockets sockets(count);
      for (int reading = 0; reading < 2; ++reading) {
        const auto text = file.read();
        REQUIRE(text.has_value());
        CHECK(text->ends_with('\n'));
        CHECK_MESSAGE(sockets.listed_in(*text) == count, count);
      }
    }
  }

  TEST_CASE("what is not the kernel's is read whole, and anew by its name") {
    test::Tree tree;
    RecordsFile file(tree.path("list"));
    CHECK(state_of(file.read().error()) == State::absent);
    tree.file("list", "a\n");
    CHECK(file.read().value() == "a\n");
    tree.file("list", std::string(5000, 'b'));
    CHECK(file.read().value() == std::string(5000, 'b'));
    tree.dir("folder");
    CHECK(RecordsFile(tree.path("folder")).read().error().code == Parse::not_a_file);
  }
}

}  // namespace records_file_test
