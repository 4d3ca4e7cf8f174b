#include "http/router.hpp"

#include <doctest/doctest.h>

namespace router_test {

using namespace vitald::http;

namespace {

constexpr Route some[] = {
    {Method::get, "/metrics", "", nullptr, nullptr},
    {Method::get, "/", "", nullptr, nullptr},
    {Method::post, "/-/reload", "", nullptr, nullptr},
    {Method::get, "/api/v1/collectors/*", "", nullptr, nullptr},
};

Reply refusal_of(std::string_view path, std::string_view query = {}, Method method = Method::get) {
  Request request;
  request.method = method;
  request.path = path;
  request.query = query;
  Reply refusal;
  CHECK_FALSE(find(some, request, refusal));
  return refusal;
}

}  // namespace

TEST_SUITE("http/router") {
  TEST_CASE("a star stands for one part of a path") {
    Request request;
    request.path = "/api/v1/collectors/cpu";
    Reply refusal;
    CHECK(find(some, request, refusal) == &some[3]);
    CHECK(request.tail == "cpu");
    CHECK(refusal_of("/api/v1/collectors/").code == Status::not_found);
    CHECK(refusal_of("/api/v1/collectors/cpu/more").code == Status::not_found);
  }

  TEST_CASE("another way to write a page's path leads to that page") {
    for (const auto* path : {"//metrics", "/./metrics", "/x/../metrics", "///metrics", "/../metrics"}) {
      CAPTURE(path);
      const auto refusal = refusal_of(path);
      CHECK(refusal.code == Status::moved_permanently);
      CHECK(refusal.fields == "Location: /metrics\r\n");
    }
    CHECK(refusal_of("//").fields == "Location: /\r\n");
    CHECK(refusal_of("//metrics", "collect[]=cpu").fields == "Location: /metrics?collect[]=cpu\r\n");
    CHECK(refusal_of("//metrics", {}, Method::head).code == Status::moved_permanently);
  }

  TEST_CASE("what leads to no page, or is a path already, is not found") {
    for (const auto* path : {"/metrics/", "//metrics/", "//example.org", "//example.org/..//x", "/%0d", "/-//reload",
                             "/api//v1/collectors/cpu\r\nX: y", "/.metrics", "metrics"}) {
      CAPTURE(path);
      CHECK(refusal_of(path).code == Status::not_found);
    }
    CHECK(refusal_of("//metrics", {}, Method::post).code == Status::not_found);
  }

  TEST_CASE("a method that a path does not have is told what it has") {
    const auto refusal = refusal_of("/-/reload");
    CHECK(refusal.code == Status::method_not_allowed);
    CHECK(refusal.allow == "POST, OPTIONS");
  }
}

}  // namespace router_test
