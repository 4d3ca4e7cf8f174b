#include "daemon/health.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

namespace health_test {

using namespace vitald;
using namespace std::chrono_literals;

namespace {

// Listens on a free port; says `reply` to the first who asks, and keeps what was asked.
class Answers {
 public:
  explicit Answers(std::string reply) : reply_(std::move(reply)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(::bind(listener_, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
    REQUIRE(::listen(listener_, 1) == 0);
    socklen_t size = sizeof at;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size);
    question.port = std::to_string(ntohs(at.sin_port));
    if (!reply_.empty()) thread_ = std::thread([this] { serve(); });
  }
  ~Answers() {
    if (thread_.joinable()) thread_.join();
    ::close(listener_);
  }
  HealthQuestion question;

 private:
  void serve() {
    const int one = ::accept(listener_, nullptr, nullptr);
    char text[1024];
    ::recv(one, text, sizeof text, 0);
    ::send(one, reply_.data(), reply_.size(), MSG_NOSIGNAL);
    ::close(one);
  }
  std::string reply_;
  int listener_;
  std::thread thread_;
};

HealthQuestion read(std::string_view where) {
  HealthQuestion question;
  CHECK(read_health_question(where, question).empty());
  return question;
}

}  // namespace

TEST_SUITE("daemon/health") {
  TEST_CASE("where to ask") {
    CHECK(read("http://a").port == "9100");
    CHECK(read("http://a").path == "/-/healthy");
    CHECK(read("http://a:1/-/ready").path == "/-/ready");
    CHECK(read("http://a:1/-/ready").port == "1");
    CHECK(read("http://[::1]:2").host == "::1");
    CHECK(read("http://[::1]").host == "::1");
    CHECK(read("unix:/run/vitald/vitald.sock").socket == "/run/vitald/vitald.sock");
    HealthQuestion out;
    for (const char* wrong : {"", "a", "https://a", "http://", "http://:1", "http://a:", "unix:", "unix:a"})
      CHECK_FALSE(read_health_question(wrong, out).empty());
  }

  TEST_CASE("200 is healthy, all else is told") {
    Answers good("HTTP/1.1 200 OK\r\n\r\nok\n");
    CHECK(ask_health(good.question, 10s) == "");
    Answers ill("HTTP/1.1 503 Service Unavailable\r\n\r\n");
    CHECK(ask_health(ill.question, 10s) == "it answers HTTP/1.1 503 Service Unavailable");
    Answers mute("x");
    CHECK(ask_health(mute.question, 10s) == "no whole answer");
    const Answers asleep("");
    CHECK(ask_health(asleep.question, 50ms) == "no answer in time");
  }

  TEST_CASE("nobody there") {
    HealthQuestion question;
    question.port = "1";
    CHECK(ask_health(question, 10s) == "Connection refused");
    question.socket = "/nowhere/socket";
    CHECK(ask_health(question, 10s) == "No such file or directory");
    question.socket = "/" + std::string(200, 'x');
    CHECK(ask_health(question, 10s) == "the path is too long for a socket");
  }

  TEST_CASE("a wrong command line is another status than ill health") {
    char where[] = "ftp://a", none[] = "http://127.0.0.1:1";
    char* wrong[] = {where};
    char* nobody[] = {none};
    char* many[] = {none, none};
    CHECK(run_health(wrong) == 64);
    CHECK(run_health(many) == 64);
    CHECK(run_health(nobody) == 1);
  }
}

}  // namespace health_test
