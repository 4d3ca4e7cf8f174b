#include "daemon/absences.hpp"

#include <doctest/doctest.h>

namespace absences_test {

using namespace vitald;
using namespace std::chrono_literals;
using News = Uevents::News;

namespace {
constexpr Absences::Clock::time_point start{1h};
}

TEST_SUITE("daemon/absences") {
  TEST_CASE("what was not there is still not there as long as the kernel tells nothing") {
    Absences absences;
    CHECK(absences.still(News::some, start).none());
    CHECK_FALSE(absences.any());
    absences.found(3, true, start + 10s);
    absences.found(4, false, start + 10s);
    CHECK(absences.any());
    CHECK(absences.still(News::none, start + 11s) == Absences::Selection(0b1000));
    CHECK(absences.still(News::none, start + 20s) == Absences::Selection(0b1000));
    absences.found(3, false, start + 21s);
    CHECK_FALSE(absences.any());
    CHECK(absences.still(News::none, start + 22s).none());
  }

  TEST_CASE("after an event it is looked for, until it was not there 2 s after the last one") {
    Absences absences;
    absences.still(News::some, start);
    absences.found(0, true, start + 10s);
    CHECK(absences.still(News::none, start + 15s).any());
    CHECK(absences.still(News::some, start + 20s).none());
    absences.found(0, true, start + 20s);
    CHECK(absences.still(News::none, start + 30s).none());  // a module may have made it a moment after its event
    absences.found(0, true, start + 30s);
    CHECK(absences.still(News::none, start + 31s).any());
  }

  TEST_CASE("where nothing is known it is looked for each time, and what was known before holds after that") {
    Absences absences;
    absences.found(0, true, start + 10s);
    CHECK(absences.still(News::unknown, start + 11s).none());
    CHECK(absences.still(News::none, start + 12s).any());
    absences.forget();
    CHECK(absences.still(News::none, start + 13s).none());
  }

  TEST_CASE("without an event it is looked for once a minute") {
    Absences absences;
    absences.still(News::some, start);
    absences.found(0, true, start + 10s);
    CHECK(absences.still(News::none, start + 69s).any());
    CHECK(absences.still(News::none, start + 70s).none());
  }
}

}  // namespace absences_test
