#include "daemon/lane.hpp"

#include <doctest/doctest.h>

#include <thread>

namespace lane_test {

using namespace vitald;

namespace {

class Quick final : public Collector {
 public:
  int runs = 0;
  Result<void> collect(Page&) override {
    ++runs;
    return {};
  }
};

// Looks at the lane from within, as the loop does from outside.
class Looking final : public Collector {
 public:
  explicit Looking(Lane& lane) : lane_(lane) {}
  bool busy = false, more = false, idle = true;
  Result<void> collect(Page&) override {
    busy = lane_.busy_since().has_value();
    more = lane_.has_more();
    idle = lane_.idle();
    return system_fault("/proc/x", EACCES);
  }

 private:
  Lane& lane_;
};

Lane::Job job(std::size_t place, Collector& collector) { return {place, &collector, std::make_shared<Page>()}; }

}  // namespace

TEST_SUITE("daemon/lane") {
  TEST_CASE("work runs what was given in order on the calling thread, and keeps what came of it") {
    Lane lane;
    lane.work();  // nothing to do
    CHECK(lane.idle());
    Looking looking(lane);
    Quick quick;
    lane.give({job(4, looking), job(2, quick)});
    CHECK(lane.has_more());
    CHECK_FALSE(lane.idle());
    CHECK_FALSE(lane.busy_since());
    lane.work();
    CHECK(looking.busy);
    CHECK(looking.more);
    CHECK_FALSE(looking.idle);
    CHECK(lane.idle());
    std::vector<Lane::Outcome> outcomes;
    lane.take_outcomes(outcomes);
    REQUIRE(outcomes.size() == 2);
    CHECK(outcomes[0].place == 4);
    CHECK(outcomes[0].why == "/proc/x: Permission denied");
    CHECK(outcomes[0].began <= outcomes[1].began);
    CHECK(outcomes[1].place == 2);
    CHECK(outcomes[1].page);
    outcomes.clear();
    lane.take_outcomes(outcomes);
    CHECK(outcomes.empty());
  }

  TEST_CASE("what has not begun can be taken back") {
    Lane lane;
    Quick quick;
    lane.give({job(1, quick), job(2, quick)});
    CHECK(lane.take_back().size() == 2);
    lane.work();
    CHECK(quick.runs == 0);
  }
}

}  // namespace lane_test
