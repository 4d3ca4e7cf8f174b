#include "http/head.hpp"

#include <doctest/doctest.h>

#include <string>

namespace head_test {

using namespace vitald::http;

namespace {

// What becomes of a text that comes whole: a refusal, or the head.
Status judged(std::string_view text, Head& head) {
  std::size_t seen = 0;
  const auto end = find_head_end(text, seen, {});
  if (end.refusal != Status::ok) return end.refusal;
  REQUIRE_MESSAGE(end.size == text.size(), text);
  return read_head(text, head);
}

Status judged(std::string_view text) {
  Head ignored;
  return judged(text, ignored);
}

std::string with(std::string_view fields) {
  return std::string("GET /x HTTP/1.1\r\nHost: h\r\n").append(fields).append("\r\n");
}

}  // namespace

TEST_SUITE("http/head") {
  TEST_CASE("a usual head") {
    Head head;
    REQUIRE(judged("GET /api/v1/x?a=1&b HTTP/1.1\r\nhost: h.example:9100\r\nACCEPT-ENCODING:  gzip, br \t\r\n"
                   "Authorization: Basic eDp5\r\nX-Prometheus-Scrape-Timeout-Seconds: 10\r\nUser-Agent: \xff\r\n\r\n",
                   head) == Status::ok);
    CHECK(head.method == Method::get);
    CHECK(head.path == "/api/v1/x");
    CHECK(head.query == "a=1&b");
    CHECK(head.host == "h.example:9100");
    CHECK(head.accept_encoding == "gzip, br");
    CHECK(head.authorization == "Basic eDp5");
    CHECK(head.scrape_timeout == "10");
    CHECK_FALSE(head.has_body());
    CHECK_FALSE(head.close);
    CHECK_FALSE(head.forwarded);
  }

  TEST_CASE("targets in all their forms") {
    Head head;
    REQUIRE(judged("GET http://other:1/p?q HTTP/1.1\r\nHost: h\r\n\r\n", head) == Status::ok);
    CHECK(head.host == "other:1");  // it counts, not the field
    CHECK(head.path == "/p");
    CHECK(head.query == "q");
    REQUIRE(judged("GET HTTPS://other HTTP/1.1\r\nHost: h\r\n\r\n", head) == Status::ok);
    CHECK(head.path == "/");
    REQUIRE(judged("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", head) == Status::ok);
    CHECK(head.path == "*");
    REQUIRE(judged("CONNECT other:443 HTTP/1.1\r\nHost: h\r\n\r\n", head) == Status::ok);
    CHECK(head.method == Method::other);  // to be refused as a method
    for (const char* wrong : {"*", "x", "ftp://h/", "http://", "http:///x", "http://u@h/", "/a#b", "/\x80", "//\x7f"})
      CHECK_MESSAGE(
          judged(std::string("GET ").append(wrong).append(" HTTP/1.1\r\nHost: h\r\n\r\n")) == Status::bad_request,
          wrong);
  }

  TEST_CASE("first lines that are none") {
    for (const char* wrong :
         {"GET /\r\n", "GET  / HTTP/1.1\r\n", "GET / HTTP/1.1 \r\n", " GET / HTTP/1.1\r\n", "GET /\tHTTP/1.1\r\n",
          "GET / http/1.1\r\n", "GET / HTTP/11\r\n", "GET / HTTP/1.10\r\n", "GET / HTTP/1\r\n", "G(T / HTTP/1.1\r\n",
          "/ HTTP/1.1\r\n", "G\xc9T / HTTP/1.1\r\n", "GET / / HTTP/1.1\r\n", "\x16\x03\x01\x02", "GET / HTTP/1.1\n",
          "\r\n\r\n", "\r\n\r\nGET / HTTP/1.1\r\n", "GET /\r HTTP/1.1\r\n"}) {
      std::size_t seen = 0;
      CHECK_MESSAGE(find_head_end(wrong, seen, {}).refusal == Status::bad_request, wrong);  // without waiting for more
    }
    for (const char* version : {"0.9", "2.0", "9.9"})
      CHECK(judged(std::string("GET / HTTP/").append(version).append("\r\nHost: h\r\n\r\n")) ==
            Status::version_not_supported);
    std::size_t seen = 0;
    CHECK(find_head_end("PRI * HTTP/2.0\r\n", seen, {}).refusal == Status::version_not_supported);
    CHECK(judged("\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n") == Status::ok);  // one empty line may come first
    CHECK(judged("GET / HTTP/1.7\r\nHost: h\r\n\r\n") == Status::ok);
  }

  TEST_CASE("lengths and codings that two readers could take differently") {
    for (const char* wrong :
         {"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n",
          "Content-Length:\r\n", "Content-Length: +1\r\n", "Content-Length: -1\r\n", "Content-Length: 0x1\r\n",
          "Content-Length: 1, 1\r\n", "Content-Length: 1 1\r\n", "Content-Length: 18446744073709551616\r\n",
          "Content-Length: 1\r\nContent-Length: 2\r\n", "Content-Length: 1\r\nContent-Length: 1\r\n",
          "Content-Length: 1.0\r\n", "Content-Length: \"1\"\r\n", "Transfer-Encoding:\r\n",
          "Transfer-Encoding: chunked, chunked\r\n", "Transfer-Encoding: gzip, chunked\r\n",
          "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: \"chunked\"\r\n",
          "Transfer-Encoding: chunked;a\r\n"})
      CHECK_MESSAGE(judged(with(wrong)) == Status::bad_request, wrong);
    for (const char* unknown : {"xchunked", "identity", "gzip", "chunke"})
      CHECK(judged(with(std::string("Transfer-Encoding: ").append(unknown).append("\r\n"))) == Status::not_implemented);
    CHECK(judged("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") == Status::bad_request);
    Head head;
    REQUIRE(judged(with("Content-Length: 0018\r\n"), head) == Status::ok);
    CHECK(head.length == 18);
    REQUIRE(judged(with("Transfer-Encoding: Chunked\r\n"), head) == Status::ok);
    CHECK(head.chunked);
  }

  TEST_CASE("fields that are none") {
    for (const char* wrong : {"bad header\r\n", ": x\r\n", "Name : x\r\n", " Name: x\r\n", "A: b\r\n folded\r\n",
                              "A: b\r\n\tfolded\r\n", "N\xc3\xa4me: x\r\n", "A(b): x\r\n", "A: b\x01\r\n",
                              "A: b\rc\r\n", "A: b\nB: c\r\n", "A: \x7f\r\n", "A: b\r\r\n", "\x0b: x\r\n"})
      CHECK_MESSAGE(judged(with(wrong)) == Status::bad_request, wrong);
    CHECK(judged(with(std::string_view("A: b\0c\r\n", 8))) == Status::bad_request);
    CHECK(judged(with("A: \x80\xff\tz\r\nEmpty:\r\n")) == Status::ok);
  }

  TEST_CASE("one host, unless HTTP is older than hosts") {
    CHECK(judged("GET / HTTP/1.1\r\n\r\n") == Status::bad_request);
    CHECK(judged("GET / HTTP/1.0\r\n\r\n") == Status::ok);
    CHECK(judged("GET / HTTP/1.1\r\nHost:\r\n\r\n") == Status::ok);
    for (const char* wrong : {"Host: a\r\nHost: a\r\n", "Host: a b\r\n", "Host: a/b\r\n", "Host: u@a\r\n",
                              "Host: a,b\r\n", "Host: <a>\r\n", "Host: a\"\r\n"})
      CHECK_MESSAGE(judged(std::string("GET / HTTP/1.1\r\n").append(wrong).append("\r\n")) == Status::bad_request,
                    wrong);
  }

  TEST_CASE("what stands between, and what the client expects") {
    for (const char* field :
         {"Forwarded: for=1", "X-Forwarded-For: 1", "x-forwarded-anything: 1", "VIA: 1.1 a", "X-Real-IP: 1"}) {
      Head head;
      REQUIRE(judged(with(std::string(field).append("\r\n")), head) == Status::ok);
      CHECK_MESSAGE(head.forwarded, field);
    }
    Head head;
    REQUIRE(judged(with("Expect: 100-Continue\r\nConnection: x, Close\r\nConnection: y\r\n"), head) == Status::ok);
    CHECK(head.wants_continue);
    CHECK(head.close);
    CHECK(judged(with("Expect: more\r\n")) == Status::expectation_failed);
    CHECK(judged(with("Authorization: a\r\nAuthorization: b\r\n")) == Status::bad_request);
  }

  TEST_CASE("what is too long is refused before it has come whole") {
    const auto refusal = [](const std::string& text) {
      std::size_t seen = 0;
      return find_head_end(text, seen, {}).refusal;
    };
    CHECK(refusal(std::string(8 * 1024 + 1, 'a')) == Status::uri_too_long);
    CHECK(refusal("GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n") == Status::uri_too_long);
    CHECK(refusal(with("A: " + std::string(33'000, 'a'))) == Status::header_fields_too_large);
    CHECK(refusal("GET / HTTP/1.1\r\n" + std::string(33'000, 'a')) == Status::header_fields_too_large);
    CHECK(refusal(with("A: " + std::string(30'000, 'a') + "\r\n")) == Status::ok);
  }

  TEST_CASE("however it is cut, a head that comes in pieces is the same") {
    const std::string text = with("A: b\r\nConnection: close\r\n") + "GET /next";
    for (std::size_t cut = 1; cut < text.size(); ++cut) {
      std::size_t seen = 0;
      auto end = find_head_end(std::string_view(text).substr(0, cut), seen, {});
      REQUIRE(end.refusal == Status::ok);
      if (end.size == 0) end = find_head_end(text, seen, {});
      CHECK(end.size == text.size() - 9);
    }
  }

  TEST_CASE("a refusal guesses where it was to go") {
    CHECK(guessed_path("GET /api/v1/x?y HTTP/9.9\r\n") == "/api/v1/x");
    CHECK(guessed_path("GET /api/") == "/api/");
    CHECK(guessed_path("\x16\x03") == "");
  }
}

}  // namespace head_test
