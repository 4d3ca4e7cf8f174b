// Who may see what, from outside: real connections by TCP and Unix sockets, with and without passwords.
#include "http/gate.hpp"
#include "http/server.hpp"
#include "tests/support/wire.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <boost/asio/post.hpp>

#include <cstring>
#include <filesystem>
#include <thread>

namespace trust_test {

using namespace vitald;
using namespace vitald::http;

namespace {

namespace asio = boost::asio;

class NoMetrics final : public OwnMetrics {
 public:
  void write(Out&, encode::Format, bool) override {}
  void answered(std::string_view, Status) override {}
  std::span<const OwnFamily> families() const override { return {}; }
  std::span<const Layout* const> layouts() const override { return {}; }
};

// One password, "good"; it is judged later or at once.
class Password final : public Gate {
 public:
  Password(asio::io_context& loop, bool at_once) : loop_(loop), at_once_(at_once) {}
  std::unique_ptr<Layer> layer_for(int) override { return nullptr; }
  bool authenticates() const override { return true; }
  bool admits() override { return !closed; }
  Answer check(std::string_view authorization, const Peer&, std::function<void(Answer)> done) override {
    const auto answer = authorization == "good" ? Answer::yes : Answer::no;
    if (at_once_) return answer;
    asio::post(loop_, [done = std::move(done), answer] { done(answer); });
    return Answer::later;
  }
  std::atomic<bool> closed = false;

 private:
  asio::io_context& loop_;
  bool at_once_;
};

Reply shown(const Request& request, const Context&, const View&) {
  return plain(Status::ok, request.granted == Class::private_ ? "all" : "some");
}

std::vector<Route> one_of_each_class() {
  return {{Method::get, "/health", "", nullptr, shown, Class::health},
          {Method::get, "/open", "", nullptr, shown, Class::open},
          {Method::get, "/host", "", nullptr, shown, Class::host},
          {Method::get, "/private", "", nullptr, shown, Class::private_},
          {Method::post, "/do", "", nullptr, shown, Class::private_}};
}

class Serving {
 public:
  enum class Passwords : std::uint8_t { none, at_once, later };
  explicit Serving(Passwords passwords = Passwords::none, const Policy& policy = {})
      : gate(loop_, passwords == Passwords::at_once),
        path(std::filesystem::temp_directory_path() / ("vitald.trust." + std::to_string(::getpid()))) {
    context_.own = &own_;
    context_.policy = policy;
    if (passwords != Passwords::none) context_.gate = &gate;
    Place place;
    place.kind = Peer::Kind::unix_socket;
    place.path = path;
    REQUIRE(server_.listen(place).why.empty());
    REQUIRE(server_.listen("127.0.0.1", 0).empty());
    const auto address = server_.addresses().back();
    port = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
    server_.accept();
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~Serving() {
    loop_.stop();
    thread_.join();
  }

 private:
  asio::io_context loop_{1};
  NoMetrics own_;
  Context context_;
  Server server_{loop_, context_, {}, one_of_each_class()};

 public:
  Password gate;
  std::string path;
  std::uint16_t port = 0;

 private:
  std::thread thread_;
};

// The status, of a reply or of nothing.
int status_of(std::string_view reply) { return reply.size() < 12 ? 0 : std::atoi(reply.data() + 9); }

int by_tcp(const Serving& serving, const char* target, const char* fields = "Host: localhost\r\n",
           const char* version = "1.1") {
  return status_of(
      test::ask(serving.port, std::string("GET ").append(target) + " HTTP/" + version + "\r\n" + fields + "\r\n"));
}

// As it is said over the Unix socket, by another user where we may be one. It is another process: after a fork only
// what the kernel does.
int by_socket(const Serving& serving, const char* target, uid_t user) {
  const auto said = std::string("GET ").append(target) + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, serving.path.c_str(), sizeof address.sun_path - 1);
  const pid_t child = ::fork();
  if (child == 0) {
    char reply[256] = {};
    const int client = ::socket(AF_UNIX, SOCK_STREAM, 0);
    const bool told = (user == ::geteuid() || ::setresuid(user, user, user) == 0) &&
                      ::connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                      ::write(client, said.data(), said.size()) > 0 && ::read(client, reply, sizeof reply - 1) > 12;
    ::_exit(told ? (reply[9] - '0') * 60 + (reply[10] - '0') * 10 + reply[11] - '0' : 0);
  }
  int ended = 0;
  ::waitpid(child, &ended, 0);
  const int code = WEXITSTATUS(ended);  // a status is more than a byte
  return code == 0 ? 0 : code / 60 * 100 + code % 60;
}

}  // namespace

TEST_SUITE("http/trust") {
  TEST_CASE("by loopback, with a loopback name and nobody between: what is the host's") {
    const Serving serving;
    CHECK(by_tcp(serving, "/health") == 200);
    CHECK(by_tcp(serving, "/open") == 200);
    CHECK(by_tcp(serving, "/host") == 200);
    CHECK(by_tcp(serving, "/private") == 403);
    for (const char* not_local :
         {"Host: example.org\r\n", "Host: localhost\r\nX-Forwarded-For: 192.0.2.1\r\n",
          "Host: localhost\r\nForwarded: for=192.0.2.1\r\n", "Host: localhost\r\nVia: 1.1 proxy\r\n",
          "Host: localhost\r\nX-Real-IP: 192.0.2.1\r\n", "Host: localhost\r\nOrigin: http://example.org\r\n",
          "Host: localhost.example.org\r\n", "Host:\r\n"}) {
      CHECK_MESSAGE(by_tcp(serving, "/host", not_local) == 403, not_local);
      CHECK_MESSAGE(by_tcp(serving, "/open", not_local) == 200, not_local);
    }
    CHECK(by_tcp(serving, "/host", "Host: 127.0.0.1:1\r\n", "1.0") == 403);  // as nginx passes it on
    CHECK(by_tcp(serving, "http://example.org/host") == 403);                // the name in the target counts
    const auto refused = test::get(serving.port, "/private");
    CHECK(test::body_of(refused).find("--unix-socket") != std::string::npos);
  }

  TEST_CASE("by the Unix socket: who it is counts") {
    const Serving serving;
    CHECK(by_socket(serving, "/host", ::geteuid()) == 200);
    CHECK(by_socket(serving, "/private", ::geteuid()) == 200);
    if (::geteuid() != 0) return;
    CHECK(by_socket(serving, "/host", 65534) == 200);
    CHECK(by_socket(serving, "/private", 65534) == 403);
  }

  TEST_CASE("with passwords TCP needs one, the health pages and the Unix socket do not") {
    for (const auto when : {Serving::Passwords::at_once, Serving::Passwords::later}) {
      Serving serving(when);
      CHECK(by_tcp(serving, "/health") == 200);
      for (const char* target : {"/open", "/host", "/private", "/nothing"}) {
        CHECK(by_tcp(serving, target) == 401);
        CHECK(by_tcp(serving, target, "Host: localhost\r\nAuthorization: bad\r\n") == 401);
      }
      const auto refused = test::get(serving.port, "/open");
      CHECK(test::has_line(refused, "WWW-Authenticate: Basic realm=\"vitald\", charset=\"UTF-8\""));
      CHECK(by_tcp(serving, "/private", "Host: example.org\r\nAuthorization: good\r\n") == 200);
      CHECK(by_tcp(serving, "/nothing", "Host: example.org\r\nAuthorization: good\r\n") == 404);
      CHECK(by_socket(serving, "/private", ::geteuid()) == 200);
      serving.gate.closed = true;
      CHECK(by_tcp(serving, "/open", "Host: localhost\r\nAuthorization: good\r\n") == 429);
    }
  }

  TEST_CASE("a page of another site changes nothing") {
    const Serving serving(Serving::Passwords::at_once);
    const auto post = [&](const char* origin) {
      return status_of(
          test::ask(serving.port,
                    std::string("POST /do HTTP/1.1\r\nHost: a\r\nAuthorization: good\r\n").append(origin) + "\r\n"));
    };
    CHECK(post("") == 200);
    CHECK(post("Origin: http://a\r\n") == 200);
    CHECK(post("Origin: http://b\r\n") == 403);
    CHECK(post("Origin: null\r\n") == 403);
  }

  TEST_CASE("where hosts are listed, other names are misdirected") {
    Policy policy;
    policy.hosts = {"a.example"};
    const Serving serving(Serving::Passwords::none, policy);
    CHECK(by_tcp(serving, "/open", "Host: a.example:9100\r\n") == 200);
    CHECK(by_tcp(serving, "/open", "Host: evil.example\r\n") == 421);
    CHECK(by_tcp(serving, "/health", "Host: evil.example\r\n") == 200);
  }
}

}  // namespace trust_test
