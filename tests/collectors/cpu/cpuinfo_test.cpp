#include "collectors/cpu/cpuinfo.hpp"

#include "collectors/base/filter.hpp"

#include <doctest/doctest.h>

namespace cpuinfo_test {

using namespace vitald;

namespace {

const Table<cpu::Description> table{};
const Table<cpu::Trait> trait_table{};

}  // namespace

TEST_SUITE("cpu/cpuinfo") {
  TEST_CASE("only the first processor's flags and bugs count, and a second block of one number is ignored") {
    Sheet<cpu::Description> sheet{table};
    cpu::FirstProcessor first;
    REQUIRE(cpu::parse_cpuinfo("Processor : whole\nprocessor : 0\nbugs : a b\nflags :\n\nprocessor : 0\nmodel : 9\n"
                               "bugs : c\n\nprocessor\t: 2\nbugs : d\nHardware : x:y\n",
                               sheet, first)
                .has_value());
    REQUIRE(sheet.view().size() == 2);
    CHECK(sheet.view()[0].model == "");
    CHECK(sheet.view()[1].cpu == "2");
    CHECK(first.bugs == "a b");
    CHECK(first.flags == "");
  }

  TEST_CASE("a text cut anywhere never makes up a value") {
    const std::string whole = "processor\t: 0\nmodel name\t: One Two\n\n";
    for (std::size_t n = 0; n < whole.size(); ++n) {
      Sheet<cpu::Description> sheet{table};
      cpu::FirstProcessor first;
      const auto done = cpu::parse_cpuinfo(whole.substr(0, n), sheet, first);
      if (n == 0 || whole[n - 1] != '\n') CHECK_MESSAGE(done.has_error(), n);
    }
  }

  TEST_CASE("what no kernel writes is a fault") {
    for (const char* text : {"", "\n\n", "processor : x\n", "processor :\n", "processor : -1\n", "processor : 20000\n",
                             "processor : 0\nwords\n", "\xff\xfe\n", "model : 1\n"}) {
      Sheet<cpu::Description> sheet{table};
      cpu::FirstProcessor first;
      CHECK_MESSAGE(cpu::parse_cpuinfo(text, sheet, first).has_error(), text);
    }
  }

  TEST_CASE("words are picked by the expression, each once a reading") {
    Sheet<cpu::Trait> sheet{trait_table};
    SeenNames wanted(Filter(Pattern("b$")));
    cpu::pick_traits("ab xab  b ab bc", wanted, sheet);
    REQUIRE(sheet.view().size() == 3);
    CHECK(sheet.view()[1].name == "xab");
    cpu::pick_traits("ab", wanted, sheet);
    CHECK(sheet.view().size() == 4);
  }
}

}  // namespace cpuinfo_test
