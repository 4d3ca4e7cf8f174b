#include "http/stream.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string_view>

namespace stream_test {

using vitald::http::Moved;
using vitald::http::Stream;

namespace {

// A stream and the client's end of it.
struct Pair {
  Pair() : Pair(made()) {}
  ~Pair() { close(); }
  void say(std::string_view text) { REQUIRE(::send(client, text.data(), text.size(), 0) == std::ssize(text)); }
  void close() {
    if (client >= 0) ::close(client);
    client = -1;
  }

  Stream stream;
  int client;

 private:
  static std::array<int, 2> made() {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) == 0);
    return ends;
  }
  explicit Pair(std::array<int, 2> ends) : stream(ends[0]), client(ends[1]) {}
};

struct Read {
  Moved::Now now;
  std::string_view text;
};

Read read(Stream& stream, std::span<char> room) {
  const auto moved = stream.read(room);
  return {moved.now, {room.data(), moved.bytes}};
}

}  // namespace

TEST_CASE("stream: a socket that gave less than there was room for is asked again when it has told of more") {
  Pair pair;
  char room[8];
  pair.say("abc");
  CHECK(read(pair.stream, room).text == "abc");
  pair.say("de");
  CHECK(read(pair.stream, room).now == Moved::Now::wait_to_read);  // by what is known
  pair.stream.told(false);
  CHECK(read(pair.stream, room).text == "de");
}

TEST_CASE("stream: what filled the room may have more behind it") {
  Pair pair;
  char room[4];
  pair.say("abcdef");
  CHECK(read(pair.stream, room).text == "abcd");
  CHECK(read(pair.stream, room).text == "ef");
  CHECK(read(pair.stream, room).now == Moved::Now::wait_to_read);
}

TEST_CASE("stream: an end that came together with the last bytes is seen") {
  Pair pair;
  char room[8];
  pair.say("abc");
  pair.close();
  pair.stream.told(true);
  CHECK(read(pair.stream, room).text == "abc");
  CHECK(read(pair.stream, room).now == Moved::Now::ended);
}

TEST_CASE("stream: nothing there yet is no end") {
  Pair pair;
  char room[8];
  CHECK(read(pair.stream, room).now == Moved::Now::wait_to_read);
  pair.say("a");
  CHECK(read(pair.stream, room).text == "a");  // an empty socket is asked each time
}

}  // namespace stream_test
