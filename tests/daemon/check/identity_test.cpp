#include "daemon/check/identity.hpp"

#include "config/capabilities.hpp"

#include <doctest/doctest.h>

namespace identity_test {

using namespace vitald::check;
using Texts = std::vector<std::string>;

TEST_SUITE("daemon/check/identity") {
  TEST_CASE("who runs is told by the effective user, and by what the kernel lets it do") {
    const auto who = identity_from(
        "Name:\tvitald\nUid:\t0\t65534\t0\t0\nGid:\t0\t100\t0\t0\nGroups:\t4 27 \nCapInh:\t0000000000000000\n"
        "CapEff:\t0000000000080004\nNoNewPrivs:\t1\nSeccomp:\t2\nSeccomp_filters:\t3\n");
    CHECK(who.uid == 65534);
    CHECK(who.gid == 100);
    CHECK(who.groups == std::vector<unsigned>{4, 27});
    CHECK(capability_names(who.capabilities) == Texts{"CAP_DAC_READ_SEARCH", "CAP_SYS_PTRACE"});
    CHECK(who.has("CAP_SYS_PTRACE"));
    CHECK(!who.has("CAP_SYS_ADMIN"));
    CHECK(!who.has("CAP_UNHEARD_OF"));
    CHECK(who.no_new_privileges);
    CHECK(who.filtered);
  }

  TEST_CASE("what is not told is nothing") {
    for (const char* text :
         {"", "\n\n", "Uid", "Uid:", "Groups:\t\n", "CapEff:\tzz\n", "NoNewPrivs:\t0\nSeccomp:\t0\n"}) {
      const auto who = identity_from(text);
      CHECK(who.uid == 0);
      CHECK(who.groups.empty());
      CHECK(who.capabilities == 0);
      CHECK(!who.no_new_privileges);
      CHECK(!who.filtered);
    }
  }

  TEST_CASE("capabilities have the kernel's numbers") {
    CHECK(vitald::config::capability_number("CAP_CHOWN") == 0);
    CHECK(vitald::config::capability_number("CAP_SYS_PTRACE") == 19);
    CHECK(vitald::config::capability_number("CAP_SYS_ADMIN") == 21);
    CHECK(vitald::config::capability_number("CAP_PERFMON") == 38);
    CHECK(vitald::config::capability_number("CAP_CHECKPOINT_RESTORE") == 40);
    CHECK(!vitald::config::capability_number("CAP_"));
    CHECK(capability_names(std::uint64_t{1} << 63) == Texts{"CAP_63"});
  }
}

}  // namespace identity_test
