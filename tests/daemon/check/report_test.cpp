#include "daemon/check/report.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

namespace check_report_test {

using namespace vitald;
using namespace vitald::check;
using Texts = std::vector<std::string>;

namespace {

Report report() {
  Report made;
  made.who.uid = made.who.gid = 65534;
  made.who.name = "nobody";
  made.unit = "vitald.service";
  made.collectors = {
      {.name = "cpu"},
      {.name = "rapl",
       .state = State::permission,
       .why = "/sys/x: Permission denied",
       .missing = {"CAP_DAC_READ_SEARCH"},
       .unit = unit_lines({"CAP_DAC_READ_SEARCH"}, {}),
       .fault = true},
      {.name = "slabs",
       .state = State::permission,
       .why = "denied",
       .missing = {"CAP_DAC_READ_SEARCH", "CAP_SYS_ADMIN"},
       .unit = unit_lines({"CAP_DAC_READ_SEARCH", "CAP_SYS_ADMIN"}, {}),
       .fault = true},
      {.name = "timex", .state = State::permission, .why = "refused", .unit = {"ProtectClock=no"}, .fault = true},
      {.name = "zfs", .state = State::absent, .why = "no such file", .needs = "OpenZFS."},
      {.name = "dmi", .needs = "Serials: CAP_SYS_RAWIO.", .missing = {"CAP_SYS_RAWIO"}},
  };
  made.off = {"systemd"};
  made.surroundings = {{"homes are hidden", "sizes", "ProtectHome=read-only", true},
                       {"the name is kept", "names", "ProtectHostname=no", false}};
  return made;
}

std::string text_of(const Report& report) {
  Out out;
  write_text(report, out);
  return std::string(out.view());
}

}  // namespace

TEST_SUITE("daemon/check/report") {
  TEST_CASE("the unit's lines mend the faults, each once, and no more") {
    CHECK(report().unit_lines() == Texts{"AmbientCapabilities=CAP_DAC_READ_SEARCH CAP_SYS_ADMIN",
                                         "CapabilityBoundingSet=CAP_DAC_READ_SEARCH CAP_SYS_ADMIN", "ProtectClock=no",
                                         "ProtectHome=read-only"});
  }

  TEST_CASE("faults are those of collectors and of the surroundings") {
    CHECK(report().has_faults());
    auto made = report();
    made.collectors.resize(1);
    CHECK(made.has_faults());
    made.surroundings.erase(made.surroundings.begin());
    CHECK(!made.has_faults());
    CHECK(made.unit_lines().empty());
    CHECK(text_of(made).ends_with("\nnothing is lost\n"));
  }

  TEST_CASE("the text tells who, each collector, what it lacks and the lines") {
    const auto text = text_of(report());
    for (const char* part :
         {" as nobody (uid 65534, gid 65534)\n", "capabilities: none\n", "in the unit vitald.service\n",
          "collectors: 2 work, 1 have nothing to tell here, 3 fail\n", "  cpu                 ok\n",
          "  rapl                permission  /sys/x: Permission denied\n",
          "unit: AmbientCapabilities=CAP_DAC_READ_SEARCH, Capab", "needs: OpenZFS.\n",
          "more: Serials: CAP_SYS_RAWIO.\n", "  off: systemd\n", "    loses: sizes\n",
          "\n  [Service]\n  AmbientCapabilities=", "\nsomething is lost\n"})
      CHECK_MESSAGE(text.find(part) != std::string::npos, part);
  }

  TEST_CASE("whoever has most capabilities is told by what is missing") {
    auto made = report();
    made.who.capabilities = known_capabilities();
    CHECK(text_of(made).find("capabilities: all\n") != std::string::npos);
    made.who.capabilities &= ~std::uint64_t{1};
    CHECK(text_of(made).find("capabilities: all but CAP_CHOWN\n") != std::string::npos);
    made.who.capabilities = 1;
    CHECK(text_of(made).find("capabilities: CAP_CHOWN\n") != std::string::npos);
  }

  TEST_CASE("the JSON tells the same") {
    Out out;
    write_json(report(), out);
    const auto json = nlohmann::json::parse(out.view());
    CHECK(json["user"]["name"] == "nobody");
    CHECK(json["in_unit"] == "vitald.service");
    CHECK(json["collectors"].size() == 6);
    CHECK(json["collectors"][1]["state"] == "permission");
    CHECK(json["collectors"][1]["missing_capabilities"] == Texts{"CAP_DAC_READ_SEARCH"});
    CHECK(json["collectors"][4]["fault"] == false);
    CHECK(json["surroundings"].size() == 2);
    CHECK(json["unit"] == report().unit_lines());
    CHECK(json["lost"] == true);
  }
}

}  // namespace check_report_test
