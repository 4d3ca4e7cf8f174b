#include "collectors/cpu/processors.hpp"

#include <doctest/doctest.h>

#include <string>

namespace processors_test {

using namespace vitald;
using cpu::Processor;

namespace {

const Table<Processor> table{};

Processor with(double idle, double user, std::optional<double> guest = {}) {
  Processor made;
  made.idle = idle;
  made.user = user;
  made.guest_user = guest;
  return made;
}

Fault fault_of(std::string_view text) {
  Sheet<Processor> sheet{table};
  const auto done = cpu::parse_processors(text, sheet);
  REQUIRE_MESSAGE(done.has_error(), std::string(text));
  return done.error();
}

}  // namespace

TEST_SUITE("cpu/processors") {
  TEST_CASE("each mode keeps its highest value") {
    auto now = with(9, 4, 1);
    cpu::carry_on(with(10, 5, 2), now);
    CHECK(now.idle == 10);
    CHECK(now.user == 5);
    CHECK(now.guest_user == 2);
    now = with(11, 4.5);
    cpu::carry_on(with(10, 5, 2), now);
    CHECK(now.idle == 11);
    CHECK(now.user == 5);
    CHECK_FALSE(now.guest_user.has_value());
  }

  TEST_CASE("a fall of idle by three seconds is a processor that came back: all modes start again") {
    auto now = with(7, 4, 1);
    cpu::carry_on(with(10, 5, 2), now);
    CHECK(now.idle == 7);
    CHECK(now.user == 4);
    CHECK(now.guest_user == 1);
    now = with(7.01, 4);
    cpu::carry_on(with(10, 5), now);
    CHECK(now.idle == 10);
    CHECK(now.user == 5);
  }

  TEST_CASE("at the edge the rounding of seconds decides, as at the peer") {  // 300 ticks each, seen with 1.5.0
    auto now = with(1.02, 0.07);
    cpu::carry_on(with(4.02, 1), now);
    CHECK(now.user == 1);
    now = with(1.15, 0.07);
    cpu::carry_on(with(4.15, 1), now);
    CHECK(now.user == 0.07);
  }

  TEST_CASE("a past is found by number, wherever it stands; what was away has none") {
    cpu::Counters counters;
    const auto rows = [](std::initializer_list<std::pair<unsigned, double>> of) {
      std::vector<Processor> made;
      for (const auto& [number, user] : of) made.push_back(with(0, user)), made.back().number = number;
      return made;
    };
    auto now = rows({{0, 5}, {1, 6}, {2, 7}});
    CHECK_FALSE(counters.same_processors(now));
    counters.carry_on(now);
    now = rows({{2, 1}, {0, 1}});
    CHECK_FALSE(counters.same_processors(now));
    counters.carry_on(now);
    CHECK(now[0].user == 7);
    CHECK(now[1].user == 5);
    now = rows({{0, 1}, {1, 1}, {2, 1}});
    counters.carry_on(now);
    CHECK(now[0].user == 5);
    CHECK(now[1].user == 1);
    CHECK(now[2].user == 7);
    CHECK(counters.same_processors(now));
  }

  TEST_CASE("older kernels know no guests, newer ones may say more, a processor told of twice is one") {
    Sheet<Processor> sheet{table};
    REQUIRE(cpu::parse_processors("cpu0 1 2 3 4 5 6 7 8\ncpu12 1 2 3 4 5 6 7 8 9\ncpu0 9 9 9 9 9 9 9 9\n"
                                  "cpu3 1 2 3 4 5 6 7 8 9 10 11 x\n",
                                  sheet)
                .has_value());
    REQUIRE(sheet.view().size() == 3);
    CHECK_FALSE(sheet.view()[0].guest_user.has_value());
    CHECK(sheet.view()[0].user == 0.01);
    CHECK(sheet.view()[1].cpu == "12");
    CHECK(sheet.view()[1].guest_user == 0.09);
    CHECK_FALSE(sheet.view()[1].guest_nice.has_value());
    CHECK(sheet.view()[2].guest_nice == 0.1);
  }

  TEST_CASE("what no kernel writes is a fault with its line") {
    CHECK(to_string(fault_of("cpu 1\ncpu0 1 2 3 4 5 6 7\n")) == "/proc/stat:2: a field is not a number");
    CHECK(to_string(fault_of("cpu0 1 2 3 4 5 6 7 8")) == "/proc/stat:1: the line ends early");
    CHECK(fault_of("cpu0 1 2 3 4 5 6 7 8\ncpu16384 1 2 3 4 5 6 7 8\n").code == Parse::too_large);
    for (const char* text :
         {"cpux 1 2 3 4 5 6 7 8\n", "cpu-1 1 2 3 4 5 6 7 8\n", "cpu01 1 2 3 4 5 6 7 8\n", "cpu0 1 2 3 4 5 6 7 -8\n",
          "cpu0 1 2 3 4 5 6 7 8 x\n", "cpu0 nan 2 3 4 5 6 7 8\n", "cpu0 1 2 3 4 5 6 7 99999999999999999999\n"})
      CHECK_MESSAGE(fault_of(text).code == Parse::not_a_number, text);
    for (const char* text : {"", "cpu  1 2 3 4 5 6 7 8\n", "\xff\xfe\n", "intr 5\n"})
      CHECK_MESSAGE(fault_of(text).code == Parse::empty, text);
  }
}

}  // namespace processors_test
