#include "daemon/log_repeats.hpp"

#include <doctest/doctest.h>

namespace log_repeats_test {

using namespace vitald;
using namespace std::chrono_literals;
using Say = LogRepeats::Say;

namespace {

constexpr LogRepeats::Clock::time_point start{1h};

LogRecord record(std::string_view message, std::span<const LogRecord::Field> fields = {}) {
  return {LogRecord::Level::warn, message, fields, {}};
}

}  // namespace

TEST_SUITE("daemon/log_repeats") {
  TEST_CASE("five lines of a kind within a minute, and then their number") {
    LogRepeats repeats;
    const LogRecord::Field fields[] = {{"collector", "arp"}};
    for (unsigned i = 1; i < LogRepeats::most; ++i) CHECK(repeats.seen(record("fails", fields), start) == Say::it);
    CHECK(repeats.seen(record("fails", fields), start) == Say::for_the_last_time);
    for (int i = 0; i < 100; ++i) CHECK(repeats.seen(record("fails", fields), start + 59s) == Say::nothing);
    CHECK(repeats.over(start + 59s).empty());
    const auto held = repeats.over(start + 60s);
    REQUIRE(held.size() == 1);
    CHECK(held[0].times == 100);
    CHECK(held[0].level == LogRecord::Level::warn);
    CHECK(held[0].message == "fails");
    CHECK(held[0].fields == std::vector<std::pair<std::string, std::string>>{{"collector", "arp"}});
    CHECK(repeats.over(start + 1h).empty());
    CHECK(repeats.seen(record("fails", fields), start + 60s) == Say::it);
  }

  TEST_CASE("what was written is not told again") {
    LogRepeats repeats;
    for (unsigned i = 0; i < LogRepeats::most; ++i) repeats.seen(record("x"), start);
    CHECK(repeats.over(start + 2min).empty());
  }

  TEST_CASE("another level, message, field or value is another line") {
    LogRepeats repeats;
    const LogRecord::Field one[] = {{"a", "b"}}, two[] = {{"a", "c"}}, three[] = {{"b", "b"}};
    for (unsigned i = 0; i < LogRepeats::most; ++i) repeats.seen(record("x", one), start);
    CHECK(repeats.seen(record("x", one), start) == Say::nothing);
    CHECK(repeats.seen(record("y", one), start) == Say::it);
    CHECK(repeats.seen(record("x", two), start) == Say::it);
    CHECK(repeats.seen(record("x", three), start) == Say::it);
    CHECK(repeats.seen(record("x"), start) == Say::it);
    auto louder = record("x", one);
    louder.level = LogRecord::Level::error;
    CHECK(repeats.seen(louder, start) == Say::it);
  }

  TEST_CASE("more kinds than it can look after are all written") {
    LogRepeats repeats;
    for (int i = 0; i < 1000; ++i) CHECK(repeats.seen(record(std::to_string(i)), start) == Say::it);
    for (int i = 0; i < 10; ++i) CHECK(repeats.seen(record("999"), start) == Say::it);
    repeats.over(start + 1min);
    for (unsigned i = 1; i < LogRepeats::most; ++i) repeats.seen(record("999"), start + 1min);
    CHECK(repeats.seen(record("999"), start + 1min) == Say::for_the_last_time);
  }
}

}  // namespace log_repeats_test
