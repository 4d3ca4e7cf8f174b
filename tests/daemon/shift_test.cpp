#include "daemon/shift.hpp"

#include <doctest/doctest.h>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <semaphore>

namespace shift_test {

using namespace vitald;
using namespace std::chrono_literals;

namespace {

namespace asio = boost::asio;

// Hangs while it is told to, and says on which thread it ran.
class Fake final : public Collector {
 public:
  std::atomic<bool> hangs = false;
  std::binary_semaphore entered{0}, let_go{0};
  std::thread::id ran_on;
  Result<void> collect(Page&) override {
    ran_on = std::this_thread::get_id();
    entered.release();
    if (hangs) let_go.acquire();
    return {};
  }
};

struct Told {
  std::atomic<int> read = 0, lent = 0, forgot = 0;
};

// A loop whose shift runs on a thread of the test, as the daemon's main thread.
class Crew {
 public:
  Crew()
      : shift_(loop, lane,
               {[this] { ++told.read; }, [this] { ++told.lent; },
                [this] {
                  ++told.forgot;
                  fake.let_go.release();  // so that the test ends; the daemon would end the process
                }}),
        main_([this] { shift_.run(); }) {}
  ~Crew() { end(); }

  void end() {
    if (!main_.joinable()) return;
    asio::post(loop, [this] { loop.stop(); });
    main_.join();
  }
  void read() {
    asio::post(loop, [this] { lane.give({{0, &fake, std::make_shared<Page>()}}); });
  }
  // On whose thread a handler runs now.
  std::thread::id holder() {
    std::binary_semaphore done{0};
    std::thread::id id;
    asio::post(loop, [&] {
      id = std::this_thread::get_id();
      done.release();
    });
    done.acquire();
    return id;
  }
  template <class Condition>
  static bool comes(Condition condition) {
    for (int i = 0; i < 2000 && !condition(); ++i) std::this_thread::sleep_for(1ms);
    return condition();
  }
  std::thread::id main_id() const { return main_.get_id(); }

  asio::io_context loop;  // posts come from the test's thread, so this one has its locks
  Lane lane;
  Fake fake;
  Told told;

 private:
  Shift shift_;
  std::thread main_;
};

}  // namespace

TEST_SUITE("daemon/shift") {
  TEST_CASE("the thread that has the loop reads, and nobody else wakes") {
    Crew crew;
    for (int i = 1; i <= 20; ++i) {
      crew.read();
      REQUIRE(Crew::comes([&] { return crew.told.read == i; }));
    }
    CHECK(crew.fake.ran_on == crew.main_id());
    CHECK(crew.holder() == crew.main_id());
  }

  TEST_CASE("while a reading hangs the stand-in serves, and gives the loop back after it") {
    Crew crew;
    crew.fake.hangs = true;
    for (int i = 1; i <= 3; ++i) {
      crew.read();
      crew.fake.entered.acquire();
      CHECK(Crew::comes([&] { return crew.told.lent == i; }));
      CHECK(crew.holder() != crew.main_id());
      CHECK(crew.holder() != crew.main_id());
      CHECK(crew.told.read == i - 1);
      crew.fake.let_go.release();
      CHECK(Crew::comes([&] { return crew.told.read == i; }));
      CHECK(crew.holder() == crew.main_id());
    }
    CHECK(crew.told.forgot == 0);
  }

  TEST_CASE("timers go on on the stand-in") {
    Crew crew;
    crew.fake.hangs = true;
    crew.read();
    crew.fake.entered.acquire();
    std::binary_semaphore rang{0};
    std::optional<asio::steady_timer> timer;
    asio::post(crew.loop, [&] {
      timer.emplace(crew.loop, 10ms);
      timer->async_wait([&](boost::system::error_code) { rang.release(); });
    });
    CHECK(rang.try_acquire_for(2s));
    crew.fake.let_go.release();
  }

  TEST_CASE("a loop that is stopped while a reading hangs ends on the stand-in") {
    Crew crew;
    crew.fake.hangs = true;
    crew.read();
    crew.fake.entered.acquire();
    CHECK(Crew::comes([&] { return crew.told.lent == 1; }));
    crew.end();
    CHECK(crew.told.forgot == 1);
  }
}

}  // namespace shift_test
