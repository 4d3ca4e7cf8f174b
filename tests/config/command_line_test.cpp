#include "tests/config/support.hpp"
#include "tests/support/tree.hpp"

#include <doctest/doctest.h>

namespace command_line_test {

using namespace vitald;
using test::parsed, test::Texts;

TEST_SUITE("config/command_line") {
  TEST_CASE("without words everything has its default") {
    const auto all = parsed({});
    CHECK(all.errors.empty());
    CHECK(all.warnings.empty());
    CHECK(!all.help);
    CHECK(!all.version);
    CHECK(all.options.values("web.listen-address") == Texts{":9100"});
    CHECK(all.options.text("web.telemetry-path") == "/metrics");
    CHECK(all.options.text("web.freshness") == "100ms");
    CHECK(all.options.text("collector.deadline") == "5s");
    CHECK(all.options.text("path.udev.data") == "/run/udev/data");
    CHECK(all.options.on("collector.disk"));
    CHECK(!all.options.on("collector.rare"));
    CHECK(!all.options.given("collector.disk"));
    CHECK(all.options.values("collector.disk.folder").empty());
    const char* const no_name[] = {nullptr};
    CHECK(config::parse(0, no_name, test::vocabulary().options()).errors.empty());
  }

  TEST_CASE("a value stands behind an equals sign or in the next word") {
    CHECK(parsed({"--path.procfs=/host/proc"}).options.text("path.procfs") == "/host/proc");
    CHECK(parsed({"--path.procfs", "/host/proc"}).options.text("path.procfs") == "/host/proc");
    CHECK(parsed({"--path.procfs=a=b"}).options.text("path.procfs") == "a=b");
    const auto two = parsed({"--path.procfs", "/a", "--no-collector.disk", "--path.sysfs", "/b"});
    CHECK(two.errors.empty());
    CHECK(two.options.text("path.procfs") == "/a");
    CHECK(two.options.text("path.sysfs") == "/b");
    CHECK(!two.options.on("collector.disk"));
  }

  TEST_CASE("an empty value is a value") {
    for (const auto& all : {parsed({"--collector.disk.exclude="}), parsed({"--collector.disk.exclude", ""})}) {
      CHECK(all.errors.empty());
      CHECK(all.options.given("collector.disk.exclude"));
      CHECK(all.options.text("collector.disk.exclude") == "");
    }
    const auto next = parsed({"--collector.disk.exclude=", "--path.procfs=/p"});
    CHECK(next.options.text("path.procfs") == "/p");
    CHECK(next.options.text("collector.disk.exclude") == "");
  }

  TEST_CASE("no value is split or taken for something else") {
    for (const char* value :
         {"[a,b]", "[a]", "a,b", "-x", "--path.sysfs", "--", "a b", "#1", "{}", "\"q\"", "%%", "true", "'"}) {
      const auto all = parsed({("--path.rootfs=" + std::string(value)).c_str()});
      CHECK_MESSAGE(all.errors.empty(), value);
      CHECK(all.options.values("path.rootfs") == Texts{value});
    }
    for (const char* value : {"[a,b]", "#0", "{}", "a=b", "/x"})
      CHECK(parsed({"--path.rootfs", value}).options.values("path.rootfs") == Texts{value});
  }

  TEST_CASE("a repeatable option takes one value each time and no further words") {
    const auto two =
        parsed({"--collector.disk.folder", "a", "--collector.disk.folder=[b,c]", "--collector.disk.folder="});
    CHECK(two.errors.empty());
    CHECK(two.options.values("collector.disk.folder") == Texts{"a", "[b,c]", ""});
    CHECK(parsed({"--collector.disk.folder", "a", "b"}).errors == Texts{"unexpected word \"b\""});
    CHECK(parsed({"--collector.disk.folder", "a", "--path.procfs", "/p"}).options.text("path.procfs") == "/p");
    const auto listen = parsed({"--web.listen-address=:1", "--web.listen-address=:2"});
    CHECK(listen.options.values("web.listen-address") == Texts{":1", ":2"});
  }

  TEST_CASE("a boolean takes no value, has a --no- form, and may be given once") {
    CHECK(parsed({"--collector.rare"}).options.on("collector.rare"));
    CHECK(!parsed({"--no-collector.disk"}).options.on("collector.disk"));
    CHECK(parsed({"--no-collector.disk"}).options.given("collector.disk"));
    CHECK(parsed({"--collector.disk=true"}).errors == Texts{"--collector.disk takes no value, but \"true\" is given"});
    CHECK(parsed({"--no-collector.disk=x"}).errors == Texts{"--no-collector.disk takes no value, but \"x\" is given"});
    CHECK(parsed({"--collector.disk="}).errors == Texts{"--collector.disk takes no value, but \"\" is given"});
    CHECK(parsed({"--collector.disk", "true"}).errors == Texts{"unexpected word \"true\""});
    CHECK(parsed({"--collector.disk", "--no-collector.disk"}).errors ==
          Texts{"--collector.disk is given more than once"});
    CHECK(parsed({"--collector.disk", "--collector.disk"}).errors == Texts{"--collector.disk is given more than once"});
  }

  TEST_CASE("what the peer refuses is refused") {
    CHECK(parsed({"--path.procfs=/a", "--path.procfs=/a"}).errors == Texts{"--path.procfs is given more than once"});
    CHECK(parsed({"--path.procfs"}).errors == Texts{"--path.procfs needs a value"});
    CHECK(parsed({"--path.procfs", "--path.sysfs=/s"}).errors == Texts{"--path.procfs needs a value"});
    CHECK(parsed({"--path.procfs", "-"}).errors == Texts{"--path.procfs needs a value"});
    CHECK(parsed({"--path.procfs", "-x"}).errors == Texts{"unknown flag -x", "--path.procfs needs a value"});
    CHECK(parsed({"word"}).errors == Texts{"unexpected word \"word\""});
    CHECK(parsed({""}).errors == Texts{"unexpected word \"\""});
    CHECK(parsed({"--", "-x"}).errors == Texts{"unexpected word \"-x\""});
    CHECK(parsed({"--"}).errors.empty());
    CHECK(parsed({"-"}).errors == Texts{"unknown flag -"});
    CHECK(parsed({"-x"}).errors == Texts{"unknown flag -x"});
    CHECK(parsed({"-h="}).errors == Texts{"unknown flag -="});
    CHECK(parsed({"--=x"}).errors == Texts{"unknown flag --=x"});
    CHECK(parsed({"---"}).errors == Texts{"unknown flag ---"});
    CHECK(!parsed({"--no-path.procfs"}).errors.empty());
    CHECK(!parsed({"--no-no-collector.disk"}).errors.empty());
    CHECK(!parsed({"--collector.dis"}).errors.empty());  // no short forms of names
  }

  TEST_CASE("an unknown flag is told with the nearest known one, its value is not told again") {
    CHECK(parsed({"--colector.disk"}).errors == Texts{"unknown flag --colector.disk, did you mean --collector.disk?"});
    CHECK(parsed({"--no-colector.disk"}).errors ==
          Texts{"unknown flag --no-colector.disk, did you mean --no-collector.disk?"});
    CHECK(parsed({"--path.procs=/a"}).errors == Texts{"unknown flag --path.procs, did you mean --path.procfs?"});
    CHECK(parsed({"--path.procs", "/a"}).errors == Texts{"unknown flag --path.procs, did you mean --path.procfs?"});
    CHECK(parsed({"--collector.hwmn"}).errors ==
          Texts{"unknown flag --collector.hwmn, did you mean --collector.hwmon?"});
    CHECK(parsed({"--quite-another-thing"}).errors == Texts{"unknown flag --quite-another-thing"});
    CHECK(!parsed({("--" + std::string(100'000, 'x')).c_str()}).errors.empty());
  }

  TEST_CASE("all errors are told at once") {
    const auto all = parsed({"word", "--colector.disk", "--path.procfs", "--web.freshness=5", "--log.level=loud"});
    CHECK(all.errors.size() == 5);
  }

  TEST_CASE("help and version are asked for by flag") {
    CHECK(parsed({"-h"}).help);
    CHECK(parsed({"--help"}).help);
    CHECK(parsed({"--version"}).version);
    CHECK(parsed({"--help", "--bogus"}).errors.size() == 1);
  }

  TEST_CASE("a word @FILE stands for the lines of that file") {
    test::Tree tree;
    tree.file("args", "--path.procfs\n/p q\n# a remark\n--no-collector.disk\n--collector.disk.folder=@x\n");
    const auto all = parsed({("@" + tree.path("args")).c_str(), "--collector.rare"});
    CHECK(all.errors.empty());
    CHECK(all.options.text("path.procfs") == "/p q");
    CHECK(!all.options.on("collector.disk"));
    CHECK(all.options.on("collector.rare"));
    CHECK(all.options.values("collector.disk.folder") == Texts{"@x"});
    tree.file("dos", "--path.procfs\r\n/p q\r\n");
    CHECK(parsed({("@" + tree.path("dos")).c_str()}).options.text("path.procfs") == "/p q");
    tree.file("blank", "\n");
    CHECK(parsed({("@" + tree.path("blank")).c_str()}).errors == Texts{"unexpected word \"\""});
    CHECK(parsed({"@/not/there"}).errors == Texts{"@/not/there: No such file or directory"});
    CHECK(parsed({("@" + tree.path("")).c_str()}).errors.size() == 1);
  }
}

}  // namespace command_line_test
