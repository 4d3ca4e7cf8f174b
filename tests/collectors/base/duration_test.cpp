#include "collectors/base/duration.hpp"

#include <doctest/doctest.h>

using namespace vitald;
using namespace std::chrono_literals;

TEST_SUITE("base/duration") {
  TEST_CASE("every unit, sums, fractions and signs are read") {
    CHECK(parse_duration("0") == 0ns);
    CHECK(parse_duration("+0") == 0ns);
    CHECK(parse_duration("7ns") == 7ns);
    CHECK(parse_duration("7us") == 7us);
    CHECK(parse_duration("7\u00B5s") == 7us);
    CHECK(parse_duration("7\u03BCs") == 7us);
    CHECK(parse_duration("100ms") == 100ms);
    CHECK(parse_duration("5s") == 5s);
    CHECK(parse_duration("+5s") == 5s);
    CHECK(parse_duration("3m") == 3min);
    CHECK(parse_duration("2h") == 2h);
    CHECK(parse_duration("1h15m30.918273645s") == 1h + 15min + 30s + 918273645ns);
    CHECK(parse_duration("1.5h") == 90min);
    CHECK(parse_duration(".5s") == 500ms);
    CHECK(parse_duration("1.s") == 1s);
    CHECK(parse_duration("3.46608s") == 3466080us);
    CHECK(parse_duration("-1m30s") == -90s);
    CHECK(parse_duration("0s") == 0ns);
  }

  TEST_CASE("what is no duration is refused") {
    for (const char* text :
         {"",     "-",   "+",    "5",    "1.5",   ".",    ".s",   "s",    "5 s",    " 5s", "5s ", "5x",  "5S",
          "5sec", "1h5", "--5s", "+-5s", "1..5s", "1e3s", "0x5s", "5,5s", "5\xC2s", "1d",  "\n",  "5s\n"})
      CHECK_MESSAGE(!parse_duration(text), text);
  }

  TEST_CASE("the longest and the shortest are kept, one more is refused") {
    CHECK(parse_duration("9223372036854775807ns") == std::chrono::nanoseconds::max());
    CHECK(parse_duration("-9223372036854775808ns") == std::chrono::nanoseconds::min());
    CHECK(!parse_duration("9223372036854775808ns"));
    CHECK(!parse_duration("-9223372036854775809ns"));
    CHECK(!parse_duration("99999999999999999999h"));
    CHECK(!parse_duration("2562048h"));
    CHECK(!parse_duration("9223372036854775807ns1ns"));
    CHECK(parse_duration("0.100000000000000000000000001s") == 100ms);
  }
}
