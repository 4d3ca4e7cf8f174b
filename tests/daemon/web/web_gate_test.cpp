#include "daemon/web/web_gate.hpp"

#include <crypt.h>
#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace web_gate_test {

using namespace vitald;
using namespace std::chrono_literals;
using Answer = http::Gate::Answer;

namespace {

// A gate with a file of its own, and a loop that runs until something has come.
struct World {
  std::string path = (std::filesystem::temp_directory_path() / ("vitald.gate." + std::to_string(::getpid()))).native();
  boost::asio::io_context loop{1};
  Log log{Log::Level::error, Log::Format::logfmt, quiet()};
  std::string fields;
  WebGate gate{loop, log, path, [this](const std::string& now) { fields = now; }};

  explicit World(std::string_view yaml) { write(yaml); }
  ~World() { std::filesystem::remove(path); }
  static int quiet() {
    static const int fd = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    return fd;
  }
  void write(std::string_view yaml) const { std::ofstream(path, std::ios::binary) << yaml; }

  Answer ask(std::string_view authorization, const http::Peer& peer = {}) {
    std::optional<Answer> heard;
    const auto said = gate.check(authorization, peer, [&](Answer answer) { heard = answer; });
    if (said != Answer::later) return said;
    while (!heard) loop.run_one();
    return *heard;
  }
};

std::string user(const char* name, const char* password) {
  return std::string("  ").append(name).append(": ").append(::crypt(password, "$2b$04$abcdefghijklmnopqrstuu")) + "\n";
}

constexpr const char* alice_a = "Basic YWxpY2U6YQ==";  // alice:a
constexpr const char* alice_b = "Basic YWxpY2U6Yg==";

}  // namespace

TEST_SUITE("daemon/web_gate") {
  TEST_CASE("passwords: right, wrong, known again") {
    World world("basic_auth_users:\n" + user("alice", "a"));
    REQUIRE(world.gate.load());
    CHECK(world.gate.authenticates());
    CHECK(world.gate.last_reload_successful());
    CHECK(world.gate.layer_for(0) == nullptr);
    CHECK(world.ask(alice_b) == Answer::no);
    CHECK(world.ask("Basic Ym9iOmE=") == Answer::no);  // bob:a
    CHECK(world.ask("nonsense") == Answer::no);
    CHECK(world.ask(alice_a) == Answer::yes);
    CHECK(world.gate.check(alice_a, {}, [](Answer) { FAIL("known"); }) == Answer::yes);
  }

  TEST_CASE("security fields: the usual, and what the file says") {
    World world(
        "http_server_config: {headers: {X-Frame-Options: deny, "
        "Content-Security-Policy: default-src 'none'}}");
    REQUIRE(world.gate.load());
    CHECK_FALSE(world.gate.authenticates());
    CHECK(world.fields.find("X-Content-Type-Options: nosniff\r\n") != std::string::npos);
    CHECK(world.fields.find("X-Frame-Options: deny\r\n") != std::string::npos);
    CHECK(world.fields.find("Content-Security-Policy: default-src 'none'\r\n") != std::string::npos);
    CHECK(world.fields.find("frame-ancestors") == std::string::npos);
  }

  TEST_CASE("a broken file does not start") {
    World world("basic_auth_users: [");
    CHECK_FALSE(world.gate.load());
  }

  TEST_CASE("the rate: so many at once, then one for each interval") {
    const auto start = std::chrono::steady_clock::now();
    Bucket bucket(100ms, 2, start);
    CHECK(bucket.take(start));
    CHECK(bucket.take(start));
    CHECK_FALSE(bucket.take(start + 99ms));
    CHECK(bucket.take(start + 100ms));
    CHECK_FALSE(bucket.take(start + 199ms));
    CHECK(bucket.take(start + 1h));
    CHECK(bucket.take(start + 1h));
    CHECK_FALSE(bucket.take(start + 1h));
    Bucket none;
    for (int i = 0; i < 100; ++i) CHECK(none.take(start));
  }

  TEST_CASE("addresses that sent wrong passwords are remembered for a while") {
    Suspicion suspicion;
    const auto now = std::chrono::steady_clock::now();
    const Suspicion::Address one{1}, other{2};
    for (int i = 0; i < 8; ++i) suspicion.add(one, now);
    CHECK(suspicion.of(one, now) == 8);
    CHECK(suspicion.of(other, now) == 0);
    CHECK(suspicion.of(one, now + 1min) == 4);
    CHECK(suspicion.of(one, now + 1h) == 0);
  }
}

}  // namespace web_gate_test
