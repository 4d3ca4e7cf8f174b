#include "http/access.hpp"

#include "http/head.hpp"

#include <doctest/doctest.h>

#include <string>

namespace access_test {

using namespace vitald::http;

namespace {

Peer by_tcp(bool loopback) {
  Peer peer;
  peer.loopback = loopback;
  return peer;
}

Peer by_socket(bool trusted) {
  Peer peer;
  peer.kind = Peer::Kind::unix_socket;
  peer.trusted = trusted;
  return peer;
}

Head for_host(std::string_view host) {
  Head head;
  head.method = Method::get;
  head.host = host;
  return head;
}

Class seen(const Peer& peer, const Head& head, bool authenticated = false, bool passwords = false) {
  return granted(peer, head, authenticated, passwords, {});
}

}  // namespace

TEST_SUITE("http/access") {
  TEST_CASE("the table of who may see what") {
    const auto local = for_host("localhost:9100"), named = for_host("example.org");
    CHECK(seen(by_tcp(false), local) == Class::open);  // whoever writes "localhost" is not here for that
    CHECK(seen(by_tcp(true), local) == Class::host);
    CHECK(seen(by_tcp(true), named) == Class::open);
    CHECK(seen(by_socket(false), named) == Class::host);
    CHECK(seen(by_socket(true), named) == Class::private_);
    CHECK(seen(by_tcp(false), named, true, true) == Class::private_);
    auto certified = by_tcp(false);
    certified.certified = true;
    CHECK(seen(certified, named, false, true) == Class::private_);
    // with passwords, TCP has nothing without one, and the socket goes on by its own
    CHECK(seen(by_tcp(true), local, false, true) == Class::health);
    CHECK(seen(by_tcp(false), named, false, true) == Class::health);
    CHECK(seen(by_socket(false), named, false, true) == Class::host);
    CHECK(seen(by_socket(true), named, false, true) == Class::private_);
    auto machine = by_tcp(false);
    machine.kind = Peer::Kind::vsock;
    CHECK(seen(machine, local) == Class::open);
  }

  TEST_CASE("what comes over a proxy is not from here") {
    auto head = for_host("127.0.0.1:9100");
    CHECK(seen(by_tcp(true), head) == Class::host);
    head.forwarded = true;
    CHECK(seen(by_tcp(true), head) == Class::open);
    head.forwarded = false;
    head.http_1_0 = true;  // nginx, as it comes
    CHECK(seen(by_tcp(true), head) == Class::open);
    CHECK(seen(by_socket(true), head) == Class::open);
    CHECK(seen(by_socket(true), head, false, true) == Class::health);
    CHECK(seen(by_socket(true), head, true, true) == Class::private_);
    head.http_1_0 = false;
    head.forwarded = true;
    CHECK(seen(by_socket(true), head) == Class::open);
    Policy none;
    none.trusts_loopback = false;
    CHECK(granted(by_tcp(true), for_host("localhost"), false, false, none) == Class::open);
  }

  TEST_CASE("names of this host's loopback") {
    for (const char* yes : {"localhost", "LOCALHOST:9100", "127.0.0.1", "127.1.2.3:80", "[::1]", "[::1]:9100"})
      CHECK_MESSAGE(is_loopback_host(yes), yes);
    for (const char* no : {"", "localhost.example.org", "127.0.0.1.example.org", "1.127.0.0", "[::2]", "::1", "[::1",
                           "[127.0.0.1]", "0.0.0.0", "localhost.", "example.org:127"})
      CHECK_FALSE_MESSAGE(is_loopback_host(no), no);
  }

  TEST_CASE("a page of another site gets nothing of the host's, and changes nothing") {
    auto head = for_host("localhost:9100");
    head.origin = "http://localhost:9100";
    CHECK(seen(by_tcp(true), head) == Class::host);
    for (const char* other : {"http://evil.example", "null", "http://localhost:3000"}) {
      head.origin = other;
      CHECK(seen(by_tcp(true), head) == Class::open);
      auto post = head;
      post.method = Method::post;
      CHECK(judge(Class::open, Class::private_, by_tcp(true), post, {}).code == Status::forbidden);
      CHECK(judge(Class::open, Class::open, by_tcp(true), head, {}).code == Status::ok);
    }
  }

  TEST_CASE("a refusal says what would help") {
    const auto head = for_host("example.org");
    const auto verdict = [&](Class needed, Class has) { return judge(needed, has, by_tcp(false), head, {}); };
    CHECK(verdict(Class::open, Class::open).code == Status::ok);
    CHECK(verdict(Class::health, Class::health).code == Status::ok);
    CHECK(verdict(Class::open, Class::health).code == Status::unauthorized);
    CHECK(verdict(Class::private_, Class::health).code == Status::unauthorized);
    CHECK(verdict(Class::host, Class::open).code == Status::forbidden);
    CHECK(verdict(Class::host, Class::open).why.find("--unix-socket") != std::string_view::npos);
    CHECK(verdict(Class::private_, Class::host).code == Status::forbidden);
    CHECK(verdict(Class::private_, Class::host).why.find("group vitald") != std::string_view::npos);
  }

  TEST_CASE("where hosts are listed, no other name is answered") {
    Policy policy;
    policy.hosts = {"node1.example.org"};
    const auto code = [&](const char* host, Class needed = Class::open) {
      return judge(needed, Class::open, by_tcp(false), for_host(host), policy).code;
    };
    for (const char* good :
         {"node1.example.org", "NODE1.example.org:9100", "10.0.0.1:9100", "[fe80::1]:9100", "localhost", ""})
      CHECK_MESSAGE(code(good) == Status::ok, good);
    for (const char* bad : {"evil.example", "node1.example.org.evil.example", "10.0.0.1.evil.example"})
      CHECK_MESSAGE(code(bad) == Status::misdirected, bad);
    CHECK(code("evil.example", Class::health) == Status::ok);
    CHECK(judge(Class::host, Class::host, by_socket(false), for_host("evil.example"), policy).code == Status::ok);
  }
}

}  // namespace access_test
