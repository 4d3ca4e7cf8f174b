#include "collectors/base/duration.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace duration_test {

using namespace vitald;
using namespace std::chrono_literals;

TEST_SUITE("base/duration") {
  TEST_CASE("what Go writes is read") {
    CHECK(parse_duration("0") == 0ns);
    CHECK(parse_duration("500ms") == 500ms);
    CHECK(parse_duration("5s") == 5s);
    CHECK(parse_duration("1m30s") == 90s);
    CHECK(parse_duration("1h2m3s4ms5us6ns") == 1h + 2min + 3s + 4ms + 5us + 6ns);
    CHECK(parse_duration("1.5h") == 90min);
    CHECK(parse_duration(".5s") == 500ms);
    CHECK(parse_duration("5.s") == 5s);
    CHECK(parse_duration("0s") == 0ns);
    CHECK(parse_duration("+5s") == 5s);
    CHECK(parse_duration("-5s") == -5s);
    CHECK(parse_duration("1s1s") == 2s);
    CHECK(parse_duration("10\u00b5s") == 10us);
    CHECK(parse_duration("10\u03bcs") == 10us);
    CHECK(parse_duration("0.3333333333333333333h") == 20min);
  }

  TEST_CASE("the ends of the range are read, and what lies beyond is not") {
    constexpr auto most = std::numeric_limits<std::int64_t>::max(), least = std::numeric_limits<std::int64_t>::min();
    CHECK(parse_duration("9223372036854775807ns") == std::chrono::nanoseconds(most));
    CHECK(parse_duration("-9223372036854775808ns") == std::chrono::nanoseconds(least));
    for (const char* text : {"9223372036854775808ns", "-9223372036854775809ns", "3000000h", "9223372036854ms10s",
                             "99999999999999999999999s", "9223372036854775807ns9223372036854775807ns2ns"})
      CHECK_MESSAGE(!parse_duration(text), text);
  }

  TEST_CASE("what is no duration is refused") {
    for (const char* text :
         {"", "5", "-", "+", "s", ".s", ".", "5x", "5 s", " 5s", "5s ", "1e3s", "--5s", "5S", "5d", "1m30", "0x5s"})
      CHECK_MESSAGE(!parse_duration(text), text);
  }

  TEST_CASE("a text cut anywhere is either a shorter duration or none") {
    const std::string_view whole = "12h34m56.789s";
    for (std::size_t n = 0; n < whole.size(); ++n) {
      const bool ends_with_unit = n == 3 || n == 6;
      CHECK_MESSAGE(parse_duration(whole.substr(0, n)).has_value() == ends_with_unit, n);
    }
  }
}

}  // namespace duration_test
