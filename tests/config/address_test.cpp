#include "config/address.hpp"

#include <doctest/doctest.h>
#include <netdb.h>
#include <netinet/in.h>

namespace address_test {

using namespace vitald::config;

TEST_SUITE("config/address") {
  TEST_CASE("host and port are told apart, and written back as they were") {
    struct Sample {
      const char* text;
      Address address;
    };
    for (const auto& [text, expected] :
         {Sample{":9100", {"", 9100}}, Sample{"127.0.0.1:9100", {"127.0.0.1", 9100}},
          Sample{"[::1]:9100", {"::1", 9100}}, Sample{"[::]:1", {"::", 1}},
          Sample{"[fe80::1%eth0]:80", {"fe80::1%eth0", 80}}, Sample{"localhost:0", {"localhost", 0}},
          Sample{"a-b.c:65535", {"a-b.c", 65535}}}) {
      Address address;
      CHECK(read_address(text, address).empty());
      CHECK(address == expected);
      CHECK(to_string(address) == text);
    }
  }

  TEST_CASE("IPv4 may stand in brackets, as charts write it that know only the host's address") {
    Address address;
    CHECK(read_address("[127.0.0.1]:9100", address).empty());
    CHECK(address == Address{"127.0.0.1", 9100});
  }

  TEST_CASE("a port may be a service's name, in any case, as at the peer") {
    const auto* known = ::getservbyname("http-alt", "tcp");
    if (known == nullptr) return;  // no /etc/services here
    const std::uint32_t port = ntohs(static_cast<std::uint16_t>(known->s_port));
    for (const char* text : {"[::1]:http-alt", "[::1]:HTTP-Alt"}) {
      Address address;
      CHECK(read_address(text, address) == "");
      CHECK(address == Address{"::1", port});
      CHECK(to_string(address) == "[::1]:" + std::to_string(port));
    }
  }

  TEST_CASE("what is no address is refused and says why") {
    CHECK(fault_of_address("abc") == "the port is missing, as in :9100");
    CHECK(fault_of_address("") == "the port is missing, as in :9100");
    CHECK(fault_of_address("[::1]") == "the port is missing, as in :9100");
    CHECK(fault_of_address("::1:9100") == "an IPv6 address stands in brackets, as in [::1]:9100");
    for (const char* port : {":", "127.0.0.1:", ":65536", ":-1", ":+1", ":99999999999", ": 1", ":1 ", ":a b", ":a/tcp"})
      CHECK_MESSAGE(fault_of_address(port) == "the port is not a number from 0 to 65535", port);
    for (const char* port : {":no-such-service", "127.0.0.1:no-such-service", ":0x1"})
      CHECK_MESSAGE(fault_of_address(port) ==
                        "the port is neither a number from 0 to 65535 nor a service of TCP in /etc/services",
                    port);
    for (const char* host : {"[]:1", "[x]:1", "[1x]:1", "[::1:1", "::1]:1", "a b:1", "a/b:1", "http://a:1", "[[::1]]:1",
                             "[:\n:]:1", "\xFF:1"})
      CHECK_MESSAGE(!fault_of_address(host).empty(), host);
  }

  TEST_CASE("a fault leaves the address alone") {
    Address address{"kept", 7};
    for (const char* wrong : {"a:b", "unix:/x?mode=9", "vsock://x:1"}) CHECK(!read_address(wrong, address).empty());
    CHECK(address == Address{"kept", 7});
  }

  TEST_CASE("Unix sockets, with mode and group") {
    Address address;
    REQUIRE(read_address("unix:/run/a b.sock", address) == "");
    CHECK(address.kind == Address::Kind::unix_socket);
    CHECK(address.path == "/run/a b.sock");
    CHECK(address.mode == 0666);
    CHECK(to_string(address) == "unix:/run/a b.sock");
    REQUIRE(read_address("unix:/x?group=adm&mode=0640", address) == "");
    CHECK(address.mode == 0640);
    CHECK(address.group == "adm");
    for (const char* wrong :
         {"unix:", "unix:x", "unix:/", "unix:/x/", "unix:/x?mode=8", "unix:/x?mode=", "unix:/x?mode=1777",
          "unix:/x?mode=-1", "unix:/x?group=", "unix:/x?owner=a", "unix:/x?mode=0660&mode"})
      CHECK_MESSAGE(!fault_of_address(wrong).empty(), wrong);
    CHECK(fault_of_address("unix:/" + std::string(106, 'x')).empty());
    CHECK(!fault_of_address("unix:/" + std::string(107, 'x')).empty());
  }

  TEST_CASE("vsock, as the peer writes it") {
    Address address;
    REQUIRE(read_address("vsock://:70000", address) == "");
    CHECK(address.kind == Address::Kind::vsock);
    CHECK(address.port == 70000);
    CHECK(to_string(address) == "vsock://:70000");
    REQUIRE(read_address("vsock://3:9100", address) == "");
    CHECK(address.cid == 3);
    CHECK(to_string(address) == "vsock://3:9100");
    for (const char* wrong : {"vsock://", "vsock://3", "vsock://:", "vsock://:x", "vsock://a:1", "vsock://:4294967296"})
      CHECK_MESSAGE(!fault_of_address(wrong).empty(), wrong);
  }
}

}  // namespace address_test
