#include "http/roster.hpp"

#include "http/crowd.hpp"
#include "http/descriptors.hpp"

#include <doctest/doctest.h>

namespace roster_test {

using namespace vitald::http;
using namespace std::chrono_literals;

namespace {

struct Connection {
  int number;
  Standing<Connection> standing;
};
using Line = Roster<Connection>;
constexpr Line::Times times{1s, 2s, 3s, 4s, 5s, 6s, 7s, 8s};  // as Phase counts
const Line::Time start{};

std::shared_ptr<Connection> joined(Line& line, int number, Phase phase, Line::Time now = start) {
  auto made = std::make_shared<Connection>(Connection{number, {}});
  line.join(made, phase, now);
  return made;
}

}  // namespace

TEST_SUITE("http/roster") {
  TEST_CASE("each has its phase's time, and the first to end is known") {
    Line line(times);
    CHECK(line.next_deadline() == Line::Time::max());
    const auto a = joined(line, 1, Phase::first_head), b = joined(line, 2, Phase::idle);
    CHECK(line.next_deadline() == start + 2s);
    CHECK(line.overdue(start + 1s) == nullptr);
    CHECK(line.overdue(start + 2s) == a);
    line.move(*a, Phase::linger, start + 1s);
    CHECK(a->standing.deadline == start + 8s);
    CHECK(line.next_deadline() == start + 8s);
    line.leave(*a);
    line.leave(*b);
    CHECK(line.size() == 0);
    CHECK(line.dispensable() == nullptr);
  }

  TEST_CASE("who has been idle longest is missed least, who is served most") {
    Line line(times);
    const auto served = joined(line, 1, Phase::work), waits = joined(line, 2, Phase::first_head),
               idle = joined(line, 3, Phase::idle), idler = joined(line, 4, Phase::idle, start + 1s);
    CHECK(line.dispensable() == idle);
    line.move(*idle, Phase::work, start + 2s);
    line.move(*idle, Phase::idle, start + 3s);  // it has asked again since
    CHECK(line.dispensable() == idler);
    line.leave(*idler);
    line.leave(*idle);
    CHECK(line.dispensable() == waits);
    line.leave(*waits);
    CHECK(line.dispensable() == served);
  }
}

TEST_SUITE("http/crowd") {
  TEST_CASE("an address has so many connections and no more, and what left is forgotten") {
    Crowd crowd;
    Peer here, there, local;
    there.address[15] = 1;
    local.kind = Peer::Kind::unix_socket;
    CHECK(crowd.enter(here, 2));
    CHECK(crowd.enter(here, 2));
    CHECK_FALSE(crowd.enter(here, 2));
    CHECK(crowd.enter(there, 2));
    for (int i = 0; i < 5; ++i) CHECK(crowd.enter(local, 2));  // it has no address
    crowd.leave(here);
    CHECK(crowd.enter(here, 2));
    crowd.leave(here);
    crowd.leave(here);
    crowd.leave(there);
    CHECK(crowd.addresses() == 0);
  }
}

TEST_SUITE("http/descriptors") {
  TEST_CASE("files have their share of the descriptors") {
    CHECK(connections_for(20'000) == 19'872);
    CHECK(connections_for(256) == 128);
    CHECK(connections_for(64) == 32);
    CHECK(connections_for(0) == 0);
  }

  TEST_CASE("one is kept until it is needed") {
    Reserve reserve;
    CHECK(reserve.give_up());
    CHECK_FALSE(reserve.give_up());
    reserve.hold();
    CHECK(reserve.give_up());
  }
}

}  // namespace roster_test
