#include "collectors/process/matcher.hpp"

#include "collectors/process/user_names.hpp"

#include <doctest/doctest.h>

namespace matcher_test {

using namespace vitald;
using namespace vitald::process;
using Part = GroupRules::Part;
using Kind = GroupRules::Part::Kind;
using namespace std::string_view_literals;

namespace {

Subject subject(std::string_view comm, std::string_view command) {
  Subject made;
  made.pid = 42;
  made.comm = comm;
  made.command = [command] { return command; };
  made.username = [] { return std::string("daemon"); };
  made.cgroups = [] { return std::string("1:name=systemd:/old\n0::/system.slice/x.service\n"); };
  made.start_seconds = 86'400 * 365;
  return made;
}

std::string group(const GroupRules& rules, const Subject& of) { return Matcher(rules).group_of(of).value_or("(none)"); }

}  // namespace

TEST_SUITE("process/matcher") {
  TEST_CASE("the first rule of which all selectors match counts") {
    const GroupRules rules{{{{{Kind::text, "one"}}, {"sshd", "bash"}, {}, {"-D"}},
                            {{{Kind::text, "two"}}, {"sshd"}, {"/usr/sbin/sshd"}, {}},
                            {{{Kind::text, "three"}}, {}, {"sshd"}, {"^sshd: ", "priv"}}}};
    CHECK(group(rules, subject("sshd", "/usr/sbin/sshd\0-D"sv)) == "one");
    CHECK(group(rules, subject("sshd", "/usr/sbin/sshd\0-d"sv)) == "two");
    CHECK(group(rules, subject("other", "sshd\0-D"sv)) == "(none)");
    CHECK(group(rules, subject("sshd", "sshd: user [priv]")) == "(none)");  // argv[0] is all of it
    CHECK(group(rules, subject("x", "/bin/sshd\0sshd: \0priv"sv)) == "(none)");
    CHECK(group(rules, subject("sshd", "")) == "(none)");
  }

  TEST_CASE("exe: with a slash the whole path, without its last part; of two paths with one base name each counts") {
    const GroupRules rules{{{{{Kind::exe_full}}, {}, {"/a/x", "/b/x", "y"}, {}}}};
    CHECK(group(rules, subject("c", "/a/x")) == "/a/x");
    CHECK(group(rules, subject("c", "/b/x")) == "/b/x");
    CHECK(group(rules, subject("c", "/c/x")) == "(none)");
    CHECK(group(rules, subject("c", "/anywhere/y\0x"sv)) == "/anywhere/y");
    CHECK(group(rules, subject("c", "x")) == "(none)");
  }

  TEST_CASE("names: every variable; captures, also those that took part in nothing or are unknown") {
    const GroupRules rules{{{{{Kind::comm},
                              {Kind::text, " "},
                              {Kind::exe_base},
                              {Kind::text, " "},
                              {Kind::username},
                              {Kind::text, " "},
                              {Kind::pid},
                              {Kind::text, " "},
                              {Kind::start_time},
                              {Kind::text, " "},
                              {Kind::cgroups},
                              {Kind::cgroup, "", 1},
                              {Kind::cgroup, "", 2},
                              {Kind::match, "a"},
                              {Kind::match, "b"},
                              {Kind::match, "c"}},
                             {},
                             {},
                             {"(?P<a>q+)(?P<b>z)?"}}}};
    CHECK(group(rules, subject("comm", "/x/prog\0qq"sv)) ==
          "comm prog daemon 42 1971-01-01 00:00:00 +0000 UTC [/old /system.slice/x.service]/system.slice/x.service"
          "<no value>qq<no value>");
    CHECK(group({{{{{Kind::exe_base}}, {"kworker/0:1"}, {}, {}}}}, subject("kworker/0:1", "")) == "kworker/0:1");
  }

  TEST_CASE("bytes that are no UTF-8 are matched and shown as U+FFFD; names have a limit") {
    const GroupRules rules{{{{{Kind::comm}, {Kind::match, "x"}}, {}, {}, {"^.(?P<x>.)"}}}};
    CHECK(group(rules, subject("a\xff", "\x80\xfe")) == "a\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(group({{{{{Kind::exe_full}}, {}, {}, {"x"}}}}, subject("c", std::string(5000, 'x'))).size() ==
          Matcher::most_name_bytes);
    const GroupRules exact{{{{{Kind::text, "t"}}, {") R 1 (", "a\nb"}, {}, {}}}};
    CHECK(group(exact, subject(") R 1 (", "")) == "t");
    CHECK(group(exact, subject("a\nb", "")) == "t");
  }

  TEST_CASE("names that depend on nothing are known beforehand") {
    const GroupRules rules{{{{{Kind::text, "a"}}, {"x"}, {}, {}}, {{{Kind::text, "b"}, {Kind::pid}}, {"x"}, {}, {}}}};
    CHECK(Matcher(rules).fixed_names() == std::vector<std::string>{"a"});
  }

  TEST_CASE("users' names from /etc/passwd") {
    const auto names = parse_passwd("root:x:0:0:root:/root:/bin/sh\nadmin:x:0:0\n# remark\nbad\nx:y:z:1\nu:x:1000:7");
    CHECK(names.size() == 2);
    CHECK((names.at(0) == "root" && names.at(1000) == "u"));
  }
}

}  // namespace matcher_test
