#include "daemon/check/advice.hpp"

#include "collectors/base/collector.hpp"
#include "config/capabilities.hpp"
#include "daemon/check/needs.hpp"

#include <doctest/doctest.h>

namespace advice_test {

using namespace vitald;
using check::advise;
using Texts = std::vector<std::string>;

namespace {

check::Told told(std::string_view needs, State state, std::string why, std::uint64_t capabilities = 0) {
  const Entry entry{"x", "X.", true, Entry::Runs::fast, nullptr, {}, {}, needs};
  http::Reading reading;
  reading.entry = &entry;
  reading.state = state;
  reading.why = std::move(why);
  check::Identity who;
  who.capabilities = capabilities;
  return advise(reading, who);
}

constexpr std::uint64_t read_search = 1 << 2;
constexpr std::string_view counters = "CONFIG_X. The counters: CAP_DAC_READ_SEARCH.";

}  // namespace

TEST_SUITE("daemon/check/needs") {
  TEST_CASE("sentences, capabilities and lines of a unit are told apart") {
    const auto needs = check::needs_of(
        "CONFIG_X, Linux 6.14. Averages (CAP_SYS_ADMIN): CAP_PERFMON. So ProtectClock=no and SystemCallFilter=a_b.");
    REQUIRE(needs.size() == 3);
    CHECK(needs[0].sentence == "CONFIG_X, Linux 6.14.");
    CHECK(needs[0].capabilities.empty());
    CHECK(needs[0].unit.empty());
    CHECK(needs[1].capabilities == Texts{"CAP_SYS_ADMIN", "CAP_PERFMON"});
    CHECK(needs[2].unit == Texts{"ProtectClock=no", "SystemCallFilter=a_b"});
    CHECK(check::needs_of("").empty());
    CHECK(check::needs_of("No full stop").size() == 1);
    CHECK(check::needs_of("psi=1 is none, nor is A= or =b.").front().unit.empty());
  }

  TEST_CASE("what the catalogue says can be taken apart, and names real capabilities") {
    for (const auto* entry : catalog())
      for (const auto& need : check::needs_of(entry->needs)) {
        CHECK_MESSAGE(need.sentence.ends_with('.'), entry->name);
        for (const auto& each : need.capabilities) CHECK_MESSAGE(config::capability_number(each), entry->name << each);
      }
  }
}

TEST_SUITE("daemon/check/advice") {
  TEST_CASE("a refusal names the capability that is missing and the unit's lines for it") {
    const auto one = told(counters, State::permission, "/sys/x: Permission denied");
    CHECK(one.fault);
    CHECK(one.missing == Texts{"CAP_DAC_READ_SEARCH"});
    CHECK(one.unit == Texts{"AmbientCapabilities=CAP_DAC_READ_SEARCH", "CapabilityBoundingSet=CAP_DAC_READ_SEARCH"});
    CHECK(one.needs == "The counters: CAP_DAC_READ_SEARCH.");
  }

  TEST_CASE("a refusal without a word about it is one to read a file") {
    CHECK(told("", State::permission, "/proc/x: Permission denied").missing == Texts{"CAP_DAC_READ_SEARCH"});
    CHECK(told("", State::permission, "/proc/x: Permission denied", read_search).missing.empty());
    CHECK(told("", State::permission, "adjtimex: Operation not permitted").missing.empty());
  }

  TEST_CASE("a sandbox that forbids a call is told by the lines that would allow it") {
    const auto one = told("So ProtectClock=no and SystemCallFilter=clock_adjtime.", State::permission,
                          "clock_adjtime(2): Operation not permitted");
    CHECK(one.missing.empty());
    CHECK(one.unit == Texts{"ProtectClock=no", "SystemCallFilter=clock_adjtime"});
    const auto family = told("Netlink, so RestrictAddressFamilies=AF_NETLINK.", State::unsupported,
                             "netlink: Address family not supported by protocol");
    CHECK(family.fault);
    CHECK(family.unit == Texts{"RestrictAddressFamilies=AF_NETLINK"});
  }

  TEST_CASE("hardware that is not there is no fault, and what it would need is told") {
    const auto one = told(counters, State::absent, "/sys/x: No such file or directory");
    CHECK(!one.fault);
    CHECK(one.needs == "CONFIG_X.");
    CHECK(one.unit.empty());
  }

  TEST_CASE("what works and could tell more is no fault") {
    const auto one = told(counters, State::ok, "");
    CHECK(!one.fault);
    CHECK(one.missing == Texts{"CAP_DAC_READ_SEARCH"});
    CHECK(one.needs == "The counters: CAP_DAC_READ_SEARCH.");
    const auto all = told(counters, State::ok, "", read_search);
    CHECK(all.needs.empty());
    CHECK(all.unit.empty());
  }

  TEST_CASE("whatever else fails is a fault") {
    for (const auto state : {State::parse, State::timeout, State::unsupported}) CHECK(told("", state, "why").fault);
    CHECK(!told("", State::ok, "").fault);
  }
}

}  // namespace advice_test
