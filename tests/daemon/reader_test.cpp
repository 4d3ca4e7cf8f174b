#include "daemon/reader.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <semaphore>
#include <stdexcept>

namespace reader_test {

using namespace vitald;

namespace {

// Waits in collect() until it is let go, as a collector that hangs in the kernel does.
class Hanging final : public Collector {
 public:
  std::binary_semaphore entered{0}, let_go{0};
  Result<void> collect(Page&) override {
    entered.release();
    let_go.acquire();
    return {};
  }
};

class Quick final : public Collector {
 public:
  std::atomic<int> runs = 0;
  Result<void> collect(Page&) override {
    ++runs;
    return {};
  }
};

class Failing final : public Collector {
  Result<void> collect(Page&) override { return system_fault("/proc/x", EACCES); }
};

class Throwing final : public Collector {
  Result<void> collect(Page& page) override {
    page.shown_despite_fault = true;
    throw std::runtime_error("a bug");
  }
};

class Half final : public Collector {
  Result<void> collect(Page& page) override {
    page.shown_despite_fault = true;
    return system_fault("/proc/half", ENOENT);
  }
};

struct Idle {
  std::shared_ptr<std::counting_semaphore<>> times = std::make_shared<std::counting_semaphore<>>(0);
  void operator()() const { times->release(); }
};

Lane::Job job(std::size_t place, Collector& collector) { return {place, &collector, std::make_shared<Page>()}; }

}  // namespace

TEST_SUITE("daemon/reader") {
  TEST_CASE("it runs what it is given in order and tells once that all is done") {
    Idle idle;
    Reader reader(idle);
    Quick first, second;
    reader.give({job(3, first), job(5, second)});
    idle.times->acquire();
    std::vector<Lane::Outcome> outcomes;
    reader.lane().take_outcomes(outcomes);
    REQUIRE(outcomes.size() == 2);
    CHECK(outcomes[0].place == 3);
    CHECK(outcomes[1].place == 5);
    CHECK(outcomes[1].state == State::ok);
    CHECK(outcomes[1].page);
    CHECK_FALSE(reader.lane().busy_since());
    CHECK_FALSE(idle.times->try_acquire());
  }

  TEST_CASE("faults and bugs drop the page and say why") {
    Idle idle;
    Reader reader(idle);
    Failing failing;
    Throwing throwing;
    Quick quick;
    reader.give({job(0, failing), job(1, throwing), job(2, quick)});
    idle.times->acquire();
    std::vector<Lane::Outcome> outcomes;
    reader.lane().take_outcomes(outcomes);
    REQUIRE(outcomes.size() == 3);
    CHECK(outcomes[0].state == State::permission);
    CHECK(outcomes[0].why == "/proc/x: Permission denied");
    CHECK_FALSE(outcomes[0].page);
    CHECK(outcomes[1].state == State::parse);
    CHECK(outcomes[1].why == "exception: a bug");
    CHECK_FALSE(outcomes[1].page);
    CHECK(outcomes[2].state == State::ok);
  }

  TEST_CASE("a fault leaves the page of a collector that says so") {
    Idle idle;
    Reader reader(idle);
    Half half;
    reader.give({job(0, half)});
    idle.times->acquire();
    std::vector<Lane::Outcome> outcomes;
    reader.lane().take_outcomes(outcomes);
    REQUIRE(outcomes.size() == 1);
    CHECK(outcomes[0].state == State::absent);
    CHECK(outcomes[0].why == "/proc/half: No such file or directory");
    CHECK(outcomes[0].page);
  }

  TEST_CASE("what stands behind one that hangs can be taken back and given to another") {
    Idle idle, fresh_idle;
    Hanging hanging;
    Quick quick;
    Reader reader(idle);
    reader.give({job(0, hanging), job(1, quick)});
    hanging.entered.acquire();
    CHECK(reader.lane().busy_since());
    CHECK(reader.lane().has_more());
    auto rest = reader.lane().take_back();
    REQUIRE(rest.size() == 1);
    CHECK(rest.front().place == 1);

    Reader fresh(fresh_idle);
    fresh.give(std::move(rest));
    fresh_idle.times->acquire();
    CHECK(quick.runs == 1);

    hanging.let_go.release();
    idle.times->acquire();
    std::vector<Lane::Outcome> outcomes;
    reader.lane().take_outcomes(outcomes);
    REQUIRE(outcomes.size() == 1);
    CHECK(outcomes.front().place == 0);
  }
}

}  // namespace reader_test
