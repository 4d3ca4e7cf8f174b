#include "daemon/schedule.hpp"

#include <doctest/doctest.h>

namespace schedule_test {

using namespace vitald;
using namespace std::chrono_literals;

namespace {

using Tickets = std::vector<Schedule::Ticket>;
const Schedule::Clock::time_point start{1000s};

Schedule::Selection set(std::initializer_list<std::size_t> members) {
  Schedule::Selection made;
  for (const auto member : members) made.set(member);
  return made;
}

}  // namespace

TEST_SUITE("daemon/schedule") {
  TEST_CASE("what nobody asked for is never due") {
    Schedule schedule(100ms);
    CHECK(schedule.due().none());
    CHECK(schedule.next_deadline() == Schedule::Clock::time_point::max());
  }

  TEST_CASE("requests within the freshness share a reading") {
    Schedule schedule(100ms);
    const auto first = schedule.ask(set({0, 1}), start, start + 5s);
    CHECK(schedule.due() == set({0, 1}));
    schedule.began(set({0, 1}));
    schedule.ended(0, start);
    CHECK(schedule.settled().empty());
    schedule.ended(1, start + 1ms);
    CHECK(schedule.settled() == Tickets{first});

    const auto second = schedule.ask(set({0, 1}), start + 100ms, start + 6s);
    CHECK(schedule.due().none());
    CHECK(schedule.settled() == Tickets{second});
    schedule.ask(set({0, 1}), start + 101ms, start + 6s);
    CHECK(schedule.due() == set({0, 1}));  // the other one began a millisecond later, and is taken along
  }

  TEST_CASE("what was read lately is not read again because another is due") {
    Schedule schedule(100ms);
    schedule.ask(set({0, 1, 2}), start, start + 5s);
    schedule.began(set({0, 1, 2}));
    schedule.ended(0, start);
    schedule.ended(1, start + 50ms);
    schedule.ended(2, start + 51ms);
    schedule.ask(set({0, 1, 2}), start + 101ms, start + 6s);
    CHECK(schedule.due() == set({0, 1}));
  }

  TEST_CASE("fresh is what was read lately, and what is waited for no more") {
    Schedule schedule(100ms);
    CHECK_FALSE(schedule.fresh(set({0, 1}), start));
    schedule.ask(set({0, 1}), start, start + 1s);
    schedule.began(set({0, 1}));
    schedule.ended(0, start);
    CHECK(schedule.fresh(set({0}), start + 100ms));
    CHECK_FALSE(schedule.fresh(set({0, 1}), start + 100ms));
    CHECK_FALSE(schedule.fresh(set({0}), start + 101ms));
    schedule.expire(start + 1s);
    CHECK(schedule.fresh(set({1}), start + 1s));
  }

  TEST_CASE("one that is late has no other taken along") {
    Schedule schedule(100ms);
    schedule.ask(set({0, 1}), start, start + 1s);
    schedule.began(set({0, 1}));
    schedule.ended(1, start + 900ms);
    CHECK(schedule.expire(start + 1s) == set({0}));
    CHECK(schedule.settled() == Tickets{1});
    schedule.ask(set({0, 1}), start + 980ms, start + 6s);
    CHECK(schedule.due().none());
  }

  TEST_CASE("with no freshness a reading that began before the request does not serve it") {
    Schedule schedule(0ms);
    schedule.ask(set({0}), start, start + 5s);
    schedule.began(schedule.due());
    const auto second = schedule.ask(set({0}), start + 1ms, start + 5s);
    CHECK(schedule.due().none());  // one at a time
    schedule.ended(0, start);
    CHECK(schedule.settled() == Tickets{1});
    CHECK(schedule.due() == set({0}));
    schedule.began(schedule.due());
    schedule.ended(0, start + 2ms);
    CHECK(schedule.settled() == Tickets{second});
  }

  TEST_CASE("at the deadline the late ones are left out, and nobody waits for them until they have come back") {
    Schedule schedule(0ms);
    const auto first = schedule.ask(set({0, 1}), start, start + 5s);
    CHECK(schedule.next_deadline() == start + 5s);
    schedule.began(schedule.due());
    schedule.ended(0, start);
    CHECK(schedule.expire(start + 4s).none());
    CHECK(schedule.expire(start + 5s) == set({1}));
    CHECK(schedule.settled() == Tickets{first});
    CHECK(schedule.in_flight(1));

    const auto second = schedule.ask(set({0, 1}), start + 6s, start + 11s);
    CHECK(schedule.due() == set({0}));
    schedule.began(set({0}));
    schedule.ended(0, start + 6s);
    CHECK(schedule.settled() == Tickets{second});
    CHECK(schedule.late() == set({1}));

    schedule.ended(1, start);  // it comes back at last, too old for anybody
    const auto third = schedule.ask(set({1}), start + 7s, start + 12s);
    CHECK(schedule.due() == set({1}));
    schedule.began(set({1}));
    schedule.ended(1, start + 7s);
    CHECK(schedule.settled() == Tickets{third});
  }

  TEST_CASE("a deadline that passes for one request does not end another's patience") {
    Schedule schedule(0ms);
    const auto hasty = schedule.ask(set({0}), start, start + 1s);
    schedule.ask(set({1}), start, start + 5s);
    schedule.began(schedule.due());
    CHECK(schedule.expire(start + 1s) == set({0}));
    CHECK(schedule.settled() == Tickets{hasty});
    CHECK(schedule.next_deadline() == start + 5s);
  }

  TEST_CASE("a wish for nothing is settled at once") {
    Schedule schedule(0ms);
    const auto ticket = schedule.ask({}, start, start + 1s);
    CHECK(schedule.settled() == Tickets{ticket});
    CHECK(schedule.settled().empty());
  }
}

}  // namespace schedule_test
