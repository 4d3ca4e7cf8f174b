#include "collectors/memory/vmstat.hpp"

#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace vmstat_test {

using namespace vitald;

namespace {

memory::Fields every_field() { return memory::Fields(".*"); }

struct Parsed {
  memory::Fields fields;
  Layout layout{};
  Sheet<memory::Count> sheet{layout};
  Result<void> operator()(std::string_view text) {
    sheet.rewind();
    return memory::parse_vmstat(text, fields, sheet);
  }
};

}  // namespace

TEST_SUITE("memory/vmstat") {
  TEST_CASE("what a scrape and the API show, untyped and of the default fields only") {
    test::Tree tree;
    tree.file("proc/vmstat",
              "nr_free_pages 5\nnumpgpgs 4\npgpgin 812\npgpgout 6004\npswpin 33\n"
              "pgfault 18446744073709551615\npgmajfault 2\npgfree 3\noom_kill 0\n");
    test::Running vmstat(tree, "vmstat");
    const auto text = vmstat.text();
    CHECK(test::lines(text, "node_") ==
          "node_vmstat_pgpgin 812\nnode_vmstat_pgpgout 6004\nnode_vmstat_pswpin 33\n"
          "node_vmstat_pgfault 18446744073709551615\nnode_vmstat_pgmajfault 2\nnode_vmstat_oom_kill 0\n");
    CHECK(test::lines(text, "# TYPE node_vmstat_pgpgin") == "# TYPE node_vmstat_pgpgin untyped\n");
    CHECK(vmstat.json() == R"({"pgpgin":812,"pgpgout":6004,"pswpin":33,"pgfault":18446744073709551615,"pgmajfault":2,)"
                           R"("oom_kill":0})");
  }

  TEST_CASE("the fields' expression is unanchored, and an empty one shows all") {
    test::Tree tree;
    tree.file("proc/vmstat", "nr_free_pages 1\nnumpgpgs 4\npgpgin 7\n");
    CHECK(test::lines(test::Running(tree, "vmstat", {{"collector.vmstat.fields", "pgpg"}}).text(), "node_") ==
          "node_vmstat_numpgpgs 4\nnode_vmstat_pgpgin 7\n");
    CHECK(test::lines(test::Running(tree, "vmstat", {{"collector.vmstat.fields", ""}}).text(), "node_") ==
          "node_vmstat_nr_free_pages 1\nnode_vmstat_numpgpgs 4\nnode_vmstat_pgpgin 7\n");
  }

  TEST_CASE("the expression is asked once a name, and again only from where the names change") {
    Parsed parse{memory::Fields("^pg")};
    REQUIRE(parse("a 1\npgin 2\nc 3\n").has_value());
    CHECK(parse.fields.times_matched() == 3);
    REQUIRE(parse("a 5\npgin 6\nc 7\n").has_value());
    CHECK(parse.fields.times_matched() == 3);
    REQUIRE(parse("a 5\npgout 6\npgin 7\n").has_value());
    CHECK(parse.fields.times_matched() == 5);
    REQUIRE(parse.sheet.view().size() == 2);
    CHECK(parse.sheet.view()[1].name == "pgin");
    CHECK(parse.sheet.view()[1].value == 7);
  }

  TEST_CASE("of a repeated name the first is shown, also when its verdict is remembered") {
    Parsed parse{every_field()};
    for (int round = 0; round < 2; ++round) {
      REQUIRE(parse("pgin 1\nb 2\npgin 3\n").has_value());
      REQUIRE(parse.sheet.view().size() == 2);
      CHECK(parse.sheet.view()[0].value == 1);
    }
  }

  TEST_CASE("a text cut anywhere but at a line's end is a fault") {
    Parsed parse{every_field()};
    const std::string whole = "pgpgin 73\npgpgout 15\n";
    for (std::size_t n = 0; n < whole.size(); ++n)
      CHECK_MESSAGE(parse(whole.substr(0, n)).has_value() == (n == whole.find('\n') + 1), n);
    CHECK(parse(whole).has_value());
  }

  TEST_CASE("what the kernel does not write is a fault that names its line, also where the field is not shown") {
    Parsed parse{memory::Fields("^nothing$")};
    for (const char* line : {"b", "b x", "b -1", "b 1.5", "b 0x1", "b 1 2", "", " ", "b\xff 1", "b\"c 1", "1",
                             "b 184467440737095516160", "b{} 3"}) {
      const auto done = parse("a 1\n" + std::string(line) + "\n");
      REQUIRE_MESSAGE(done.has_error(), line);
      CHECK_MESSAGE(done.error().line == 2, line);
    }
    CHECK(parse("a 1\nb 2\n").has_value());
  }

  TEST_CASE("more lines than any kernel has are a fault") {
    Parsed parse{every_field()};
    std::string many;
    for (int i = 0; i < 5000; ++i) many += "n" + std::to_string(i) + " 1\n";
    CHECK(parse(many).error().code == Parse::too_large);
  }

  TEST_CASE("a missing file is absent, an empty one is a fault, and the next good one is read again") {
    test::Tree tree;
    test::Running vmstat(tree, "vmstat");
    CHECK(state_of(vmstat.collect().error()) == State::absent);
    tree.file("proc/vmstat", "");
    CHECK(vmstat.collect().error().code == Parse::empty);
    tree.file("proc/vmstat", "pgpgin 1\n");
    CHECK(vmstat.collect().has_value());
  }
}

}  // namespace vmstat_test
