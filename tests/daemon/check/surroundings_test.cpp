#include "daemon/check/surroundings.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace surroundings_test {

using namespace vitald::check;

namespace {

constexpr std::string_view root = "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n";
constexpr std::string_view proc = "2 1 0:5 / /proc rw shared:1 - proc proc rw\n";

// A host that hides nothing.
Facts plain() {
  Facts facts;
  facts.mounts = std::string(root).append(proc);
  facts.first_mounts = facts.mounts;
  facts.users = "         0          0 4294967295\n";
  facts.devices = "Inter-| x\n face |y\n    lo: 1\n  eth0: 2\n";
  facts.own_network = facts.own_name = "net:[1]";
  return facts;
}

// The unit's line of the only finding.
std::string unit(const Facts& facts) {
  const auto all = findings(facts);
  REQUIRE(all.size() == 1);
  return all.front().unit;
}

}  // namespace

TEST_SUITE("daemon/check/surroundings") {
  TEST_CASE("where nothing is hidden nothing is told") {
    auto facts = plain();
    CHECK(findings(facts).empty());
    facts.first_network = facts.first_name = "net:[1]";
    facts.own_roots = true;
    CHECK(findings(facts).empty());
  }

  TEST_CASE("a /proc that hides is told, the last mount there counts") {
    auto facts = plain();
    facts.mounts += "3 1 0:6 / /proc rw - proc proc rw,subset=pid\n";
    CHECK(unit(facts) == "ProcSubset=all");
    facts.mounts += "4 1 0:7 / /proc rw - proc proc rw,hidepid=invisible\n";
    CHECK(findings(facts).empty());  // it sees the first process all the same
    facts.first_mounts.reset();
    CHECK(unit(facts) == "ProtectProc=default");
    CHECK(findings(facts).front().what.find("hidepid=invisible") != std::string::npos);
    facts.mounts += "5 1 0:8 / /proc rw - proc proc rw,hidepid=0\n";
    CHECK(findings(facts).front().what.find("mountinfo") != std::string::npos);
  }

  TEST_CASE("mounts at home that are hidden are told") {
    auto facts = plain();
    *facts.first_mounts += "7 1 8:3 / /home/data rw - ext4 /dev/sdb rw\n";
    CHECK(unit(facts) == "ProtectHome=read-only");
    facts.mounts += "7 1 8:3 / /home/data rw - ext4 /dev/sdb rw\n";
    CHECK(findings(facts).empty());
    *facts.first_mounts += "8 1 8:3 / /homestead rw - ext4 /dev/sdb rw\n9 1 8:3 / /srv rw - ext4 /dev/sdb rw\n";
    CHECK(findings(facts).empty());
  }

  TEST_CASE("name spaces other than the host's are told") {
    auto facts = plain();
    facts.first_network = "net:[2]";
    CHECK(unit(facts) == "PrivateNetwork=no");
    CHECK(findings(facts).front().fault);
    facts = plain();
    facts.devices = "Inter-| x\n face |y\n    lo: 1\n";
    CHECK(unit(facts) == "PrivateNetwork=no");
    CHECK(!findings(facts).front().fault);  // it may be so on the host
    facts = plain();
    facts.first_name = "uts:[2]";
    CHECK(unit(facts) == "ProtectHostname=no");
    facts = plain();
    facts.users = "0 1000 1\n";
    CHECK(unit(facts) == "PrivateUsers=no");
    CHECK(findings(facts).front().fault);
    facts.container_marks = true;  // made so by who runs it
    CHECK(!findings(facts).front().fault);
  }

  TEST_CASE("without the first process's table of mounts its truth is lost") {
    auto facts = plain();
    facts.first_mounts.reset();
    CHECK(unit(facts) == "ProtectProc=default");
  }

  TEST_CASE("a container that shows itself may be wanted so") {
    auto facts = plain();
    facts.container_marks = true;
    CHECK(findings(facts).empty());
    facts.own_roots = true;
    CHECK(unit(facts) == "");
    CHECK(!findings(facts).front().fault);
  }

  TEST_CASE("texts that are cut or strange are no trouble") {
    Facts facts;
    facts.first_mounts = "";
    CHECK(findings(facts).empty());
    for (const char* text :
         {"x", " - ", "1 2 3 - ", "1 0 8:1 / /proc", "1 0 8:1 / /proc rw - proc proc subset,=pid,hidepid"}) {
      facts.mounts = text;
      facts.first_mounts = text;
      facts.users = facts.devices = text;
      findings(facts);
    }
  }

  TEST_CASE("the unit is told by the control group") {
    CHECK(unit_of("0::/system.slice/vitald.service\n") == "vitald.service");
    CHECK(unit_of("12:pids:/user.slice\n1:name=systemd:/system.slice/a.service\n") == "a.service");
    CHECK(unit_of("0::/\n") == "");
    CHECK(unit_of("") == "");
  }
}

}  // namespace surroundings_test
