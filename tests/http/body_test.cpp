#include "http/body.hpp"

#include <doctest/doctest.h>

namespace body_test {

using namespace vitald::http;

namespace {

struct Read {
  Status fault;
  bool whole;
  std::string content;
  std::size_t used;
};

// In pieces of so many bytes, as a connection would give them.
Read read(const Head& head, std::string_view text, std::size_t piece, std::size_t most) {
  BodyParser parser;
  parser.begin(head, most);
  std::size_t used = 0, come = 0;
  do {
    come = std::min(come + piece, text.size());
    used += parser.take(text.substr(used, come - used));
  } while (come < text.size() && !parser.whole() && parser.fault() == Status::ok);
  return {parser.fault(), parser.whole(), std::string(parser.content()), used};
}

Read chunks(std::string_view text, std::size_t piece = 1 << 20, std::size_t most = 64 * 1024) {
  Head head;
  head.chunked = true;
  return read(head, text, piece, most);
}

Read counted(std::uint64_t length, std::string_view text, std::size_t most = 64 * 1024) {
  Head head;
  head.has_length = true;
  head.length = length;
  return read(head, text, 3, most);
}

constexpr std::string_view next = "GET / HTTP/1.1\r\n";

}  // namespace

TEST_SUITE("http/body") {
  TEST_CASE("so many bytes, and none of the next request's") {
    const auto body = counted(5, std::string("hello").append(next));
    CHECK(body.whole);
    CHECK(body.content == "hello");
    CHECK(body.used == 5);
    CHECK_FALSE(counted(5, "hell").whole);
    CHECK(counted(0, next).used == 0);
    CHECK(counted(0, next).whole);
  }

  TEST_CASE("chunks, in whatever pieces they come") {
    constexpr std::string_view text = "5\r\nhello\r\nA;n=v;q=\"\xc3\xa4\"\r\n, my world\r\n0\r\nX-A: y\r\nB:\r\n\r\n";
    for (std::size_t piece = 1; piece <= text.size(); ++piece) {
      const auto body = chunks(std::string(text).append(next), piece);
      CHECK(body.whole);
      CHECK(body.fault == Status::ok);
      CHECK(body.content == "hello, my world");
      CHECK(body.used == text.size());
    }
    for (std::size_t size = 0; size < text.size(); ++size) {
      const auto cut = chunks(text.substr(0, size));
      CHECK_FALSE(cut.whole);
      CHECK(cut.fault == Status::ok);
    }
  }

  TEST_CASE("what two readers could take differently is refused, however it comes") {
    for (const std::string_view wrong : {"\r\n",
                                         ";x\r\n",
                                         "zz\r\n",
                                         "-1\r\n",
                                         "+1\r\n",
                                         "0x1\r\n",
                                         " 1\r\n",
                                         "1 \r\n",
                                         "1 ;x\r\n",
                                         "1\nx",
                                         "1\r\r\n",
                                         "11111111111111111\r\n",
                                         "00000000000000001\r\n",
                                         "1\r\nxX",
                                         "1\r\nx\n",
                                         "1\r\nx\rX",
                                         "1;a\rb\r\n",
                                         "1;a\x01\r\n",
                                         "0\r\n\n",
                                         "0\r\nno colon\r\n",
                                         "0\r\n: x\r\n",
                                         "0\r\n folded: x\r\n",
                                         "0\r\nA: b\rc\r\n",
                                         "0\r\nA : b\r\n"})
      for (const std::size_t piece : {1, 2, 100}) {
        CHECK_MESSAGE(chunks(wrong, piece).fault == Status::bad_request, wrong);
        CHECK_FALSE(chunks(wrong, piece).whole);
      }
  }

  TEST_CASE("more than may be") {
    CHECK(counted(11, "", 10).fault == Status::content_too_large);
    CHECK(counted(UINT64_MAX, "", 10).fault == Status::content_too_large);
    CHECK(counted(10, "0123456789", 10).whole);
    CHECK(chunks("ffffffffffffffff\r\n").fault == Status::content_too_large);
    CHECK(chunks("6\r\n012345\r\n5\r\n", 100, 10).fault == Status::content_too_large);
    CHECK(chunks("6\r\n012345\r\n4\r\n6789\r\n0\r\n\r\n", 100, 10).whole);
    CHECK(chunks("1;" + std::string(70'000, 'e'), 1000).fault == Status::bad_request);
    std::string extensions, trailers = "0\r\n";
    for (int i = 0; i < 100; ++i) extensions += "1;" + std::string(200, 'e') + "\r\nx\r\n";
    for (int i = 0; i < 100; ++i) trailers += "T: " + std::string(200, 'e') + "\r\n";
    CHECK(chunks(extensions).fault == Status::bad_request);
    CHECK(chunks(trailers).fault == Status::bad_request);
  }

  TEST_CASE("one parser after the other request") {
    BodyParser parser;
    Head head;
    head.chunked = true;
    parser.begin(head, 100);
    parser.take("x");
    parser.take("x\r\n");
    CHECK(parser.fault() == Status::bad_request);
    parser.forget();
    parser.begin(head, 100);
    CHECK(parser.take("1\r\ny\r\n0\r\n\r\n") == 11);
    CHECK(parser.whole());
    CHECK(parser.content() == "y");
  }
}

}  // namespace body_test
