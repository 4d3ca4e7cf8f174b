#include "daemon/self_process.hpp"

#include <doctest/doctest.h>

namespace self_process_test {

using namespace vitald;

TEST_SUITE("daemon/self_process") {
  TEST_CASE("the network's bytes stand in a pair of lines of /proc/net/netstat") {
    const auto told = parse_own_traffic(
        "TcpExt: InOctets Other\nTcpExt: 5 6\nIpExt: InNoRoutes InOctets OutOctets\nIpExt: 0 18446744073709551615 7\n"
        "MPTcpExt: MPCapableSYNRX\nMPTcpExt: 0\n");
    CHECK(told.received == 18446744073709551615u);
    CHECK(told.sent == 7);
  }

  TEST_CASE("where they are not told there are none") {
    for (const char* text :
         {"", "TcpExt: A\nTcpExt: 1\n", "A: B\nA: 1\nIpExt: InOctets OutOctets\n",
          "A: B\nA: 1\nIpExt: InOctets OutOctets\nIpExt: 1 2", "A: B\nA: 1\nIpExt: InOctets\n1\n",
          "A: B\nA: 1\nIpExt: InOctets OutOctets\nIpExt: 1 x\n", "A: B\nA: 1\nIpExt: InOctets OutOctets\nIpExt: 1\n"}) {
      CHECK_MESSAGE(!parse_own_traffic(text).received, text);
      CHECK_MESSAGE(!parse_own_traffic(text).sent, text);
    }
    CHECK(parse_own_traffic("A: B\nA: 1\nIpExt: InMcastPkts OutOctets\nIpExt: 1 2\n").sent == 2);
  }
}

}  // namespace self_process_test
