#include "config/help.hpp"
#include "config/nearest.hpp"
#include "config/peer_flags.hpp"
#include "config/rules.hpp"
#include "tests/config/support.hpp"

#include <doctest/doctest.h>

#include <set>

namespace vocabulary_test {

using namespace vitald;

TEST_SUITE("config/vocabulary") {
  TEST_CASE("no flag stands twice, and every default passes its own check") {
    std::set<std::string_view> seen;
    for (const auto& option : test::vocabulary().options()) {
      CHECK_MESSAGE(seen.insert(option.flag).second, option.flag);
      CHECK_MESSAGE(!option.help.empty(), option.flag);
      if (!option.initial.empty()) CHECK(config::fault_of_value(option, option.initial) == "");
      if (option.kind == Option::Kind::boolean) CHECK((option.initial == "true" || option.initial == "false"));
    }
  }

  TEST_CASE("what somebody here declares is no longer the peer's alone") {
    const Option own[] = {{.flag = "collector.hwmon.chip-include", .initial = "x", .help = "Chips."}};
    const config::Switch hwmon[] = {{"hwmon", "Sensors.", true, own}};
    const config::Vocabulary all(hwmon);
    const char* argv[] = {"vitald", "--collector.hwmon", "--collector.hwmon.chip-include=y",
                          "--collector.hwmon.sensor-include=z"};
    const auto parsed = config::parse(4, argv, all.options());
    CHECK(parsed.errors.empty());
    CHECK(parsed.missing_collectors.empty());
    CHECK(parsed.options.text("collector.hwmon.chip-include") == "y");
    CHECK(parsed.unsupported_flags == test::Texts{"collector.hwmon.sensor-include"});
  }

  TEST_CASE("the peer's table has all of its collectors' flags") {
    CHECK(config::peer_flags().size() == 167);
    std::size_t switches = 0;
    for (const auto& option : config::peer_flags()) {
      CHECK(option.flag.starts_with("collector."));
      CHECK(option.support == Option::Support::missing);
      if (option.kind == Option::Kind::boolean && option.flag.find('.', 10) == option.flag.npos) ++switches;
    }
    CHECK(switches == 79);
  }

  TEST_CASE("a collector's switch is known by its name") {
    const auto named = [](std::string_view flag, Option::Kind kind) {
      return config::collector_of({.flag = flag, .kind = kind, .initial = "", .help = ""});
    };
    CHECK(named("collector.cpu", test::Kind::boolean) == "cpu");
    CHECK(named("collector.cpu.info", test::Kind::boolean) == "");
    CHECK(named("collector.disable-defaults", test::Kind::boolean) == "");
    CHECK(named("collector.deadline", test::Kind::duration) == "");
    CHECK(named("web.systemd-socket", test::Kind::boolean) == "");
  }

  TEST_CASE("of two flags equally near the one that begins alike is meant") {
    constexpr Option options[] = {{.flag = "xat.b", .initial = "", .help = ""},
                                  {.flag = "cat.x", .initial = "", .help = ""}};
    CHECK(config::nearest("--cat.b", options) == "--cat.x");
    CHECK(config::nearest("--dog", options) == "");
    CHECK(config::nearest("", options) == "");
  }
}

TEST_SUITE("config/help") {
  TEST_CASE("the text fits into 80 columns and shows groups, switches and defaults") {
    const auto text = config::help_text(test::vocabulary().options());
    std::size_t from = 0;
    for (auto end = text.find('\n'); end != text.npos; from = end + 1, end = text.find('\n', from))
      CHECK_MESSAGE(end - from <= 80, text.substr(from, end - from));
    CHECK(from == text.size());
    for (const char* part :
         {"\nGeneral:\n  -h, --help                          Show this text and exit.\n", "\nWeb:\n", "\nLog:\n",
          "\nPaths:\n", "\nCollectors:\n", "\nOptions of collectors:\n",
          "  --web.listen-address=TEXT\n          Where to listen: [HOST]:PORT, unix:/PATH, vsock://:PORT or none.",
          "  --web.freshness=TIME\n", "(100ms)\n",
          "  --[no-]collector.disk               Disks. (on)\n  --[no-]collector.rare               Rarely wanted. "
          "(off)\n",
          "  --collector.disk.exclude=REGEXP     Disks to leave out. (^loop)\n", "  --collector.disk.workers=NUMBER "})
      CHECK_MESSAGE(text.find(part) != text.npos, part);
    for (const char* hidden : {"collector.disk.ignored", "hwmon", "[no-]help", "[no-]version"})
      CHECK_MESSAGE(text.find(hidden) == text.npos, hidden);
  }

  TEST_CASE("a long default is broken, and nothing of it is lost") {
    const std::string initial(200, 'x');
    const Option options[] = {{.flag = "a", .initial = initial, .help = "Long."}};
    const auto text = config::help_text(options);
    CHECK(std::ranges::count(text, 'x') == 200);
    CHECK(text.find(std::string(71, 'x')) == text.npos);
  }
}

}  // namespace vocabulary_test
