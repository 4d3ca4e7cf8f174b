#include "config/file/group_file.hpp"

#include <doctest/doctest.h>

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace group_file_test {

using namespace vitald;
using Kind = GroupRules::Part::Kind;

namespace {

std::string all_of(const std::vector<std::string>& lines) {
  std::string all;
  for (const auto& line : lines) all += line + "\n";
  return all;
}

std::string faults(std::string_view yaml) { return all_of(config::group_rules_of(yaml, "g.yml").errors); }

}  // namespace

TEST_SUITE("config/group_file") {
  TEST_CASE("rules in their order, with all that they may have; the name is the program's unless given") {
    const auto made = config::group_rules_of(
        "process_names:\n"
        "  - name: \"{{.Comm}}-{{.Matches.port}}\"\n"
        "    comm: [sshd, bash]\n"
        "    exe:\n    - /usr/sbin/sshd\n"
        "    cmdline:\n    - --port[= ](?P<port>\\d+)\n    - -D\n"
        "  - comm:\n    - cron\n",
        "g.yml");
    CHECK(all_of(made.errors) == "");
    REQUIRE(made.rules.rules.size() == 2);
    const auto& first = made.rules.rules[0];
    CHECK(first.comm == std::vector<std::string>{"sshd", "bash"});
    CHECK(first.exe == std::vector<std::string>{"/usr/sbin/sshd"});
    CHECK(first.cmdline == std::vector<std::string>{"--port[= ](?P<port>\\d+)", "-D"});
    REQUIRE(first.name.size() == 3);
    CHECK((first.name[0].kind == Kind::comm && first.name[1].text == "-" && first.name[2].kind == Kind::match));
    CHECK(first.name[2].text == "port");
    REQUIRE(made.rules.rules[1].name.size() == 1);
    CHECK(made.rules.rules[1].name[0].kind == Kind::exe_base);
  }

  TEST_CASE("names: every field, index, and dashes that trim") {
    const auto parts = [](const std::string& name) {
      const auto made = config::group_rules_of("process_names: [{comm: [x], name: '" + name + "'}]", "g.yml");
      CHECK_MESSAGE(all_of(made.errors) == "", name);
      return made.rules.rules.at(0).name;
    };
    const auto all = parts("{{.Comm}}{{ .ExeBase }}{{.ExeFull}}{{.Username}}{{.PID}}{{.StartTime}}{{.Cgroups}}");
    REQUIRE(all.size() == 7);
    CHECK((all[1].kind == Kind::exe_base && all[6].kind == Kind::cgroups));
    const auto indexed = parts("{{index .Cgroups 2}}:{{index .Matches \"a b\"}}");
    REQUIRE(indexed.size() == 3);
    CHECK((indexed[0].kind == Kind::cgroup && indexed[0].index == 2));
    CHECK((indexed[2].kind == Kind::match && indexed[2].text == "a b"));
    const auto trimmed = parts("a {{- .PID -}} b { } c");
    REQUIRE(trimmed.size() == 3);
    CHECK((trimmed[0].text == "a" && trimmed[2].text == "b { } c"));
  }

  TEST_CASE("what is wrong is told with file, line and key, all at once") {
    CHECK(faults("") == "g.yml:1: process_names is missing\n");
    CHECK(faults("other: 1\n") == "g.yml:1: other is not known\ng.yml:1: process_names is missing\n");
    CHECK(faults("process_names:\n  a: 1\n") == "g.yml:2: process_names is a list\n");
    CHECK(faults("process_names:\n- name: x\n") ==
          "g.yml:2: process_names[0] selects nothing: give it comm, exe or cmdline\n");
    CHECK(faults("process_names:\n- comm: [a]\n- comm: sshd\n  nmae: x\n  exe: [[a]]\n") ==
          "g.yml:3: process_names[1].comm is a list of texts\ng.yml:4: process_names[1].nmae is not known\n"
          "g.yml:5: process_names[1].exe is a list of texts\n"
          "g.yml:3: process_names[1] selects nothing: give it comm, exe or cmdline\n");
    CHECK(faults("process_names:\n- comm: [a]\n  comm: [b]\n") == "g.yml:3: process_names[0].comm stands twice\n");
    CHECK(faults("process_names:\n- cmdline:\n  - a\n  - (b\n").starts_with("g.yml:4: process_names[0].cmdline: (b: "));
    CHECK(faults("process_names:\n- comm: [a]\n  name: '{{.Com}}'\n")
              .starts_with("g.yml:3: process_names[0].name: {{.Com}} is none of .Comm, "));
    CHECK(faults("process_names:\n- comm: [a]\n  name: 'x{{.Comm'\n") ==
          "g.yml:3: process_names[0].name: {{ has no }} behind it\n");
    CHECK(faults("process_names:\n- comm: [a\n").starts_with("g.yml:"));
    CHECK(faults("\xff\xfe{").starts_with("g.yml:"));
    for (const char* name : {"{{}}", "{{index}}", "{{index .Cgroups x}}", "{{index .Cgroups 1 2}}", "{{.Matches}}",
                             "{{.Matches.}}", "{{printf .Comm}}", "{{index .Matches a}}", "{{index .Matches \"a\"\"}}"})
      CHECK_MESSAGE(!faults(std::string("process_names: [{comm: [x], name: '") + name + "'}]").empty(), name);
  }

  TEST_CASE("a file that cannot be read is told") {
    CHECK(all_of(config::read_group_file("/nowhere/g.yml").errors) == "/nowhere/g.yml: No such file or directory\n");
    CHECK(all_of(config::read_group_file("/proc").errors) == "/proc: it is no plain file\n");
  }
}

}  // namespace group_file_test
