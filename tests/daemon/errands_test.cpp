#include "daemon/errands.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <optional>
#include <semaphore>
#include <thread>

using namespace vitald;
using namespace std::chrono_literals;

namespace {

template <class Done>
void run_until(boost::asio::io_context& loop, Done done) {
  const auto end = std::chrono::steady_clock::now() + 10s;
  while (!done() && std::chrono::steady_clock::now() < end) loop.run_one_for(50ms);
}

}  // namespace

TEST_SUITE("daemon/errands") {
  TEST_CASE("work is done on another thread, and what it returns on the loop") {
    boost::asio::io_context loop{1};
    Errands errands(loop);
    std::thread::id worked, told;
    bool done = false;
    errands.run([&]() -> Errands::Then {
      worked = std::this_thread::get_id();
      return [&] {
        told = std::this_thread::get_id();
        done = true;
      };
    });
    run_until(loop, [&] { return done; });
    CHECK(told == std::this_thread::get_id());
    CHECK(worked != told);
  }

  TEST_CASE("what hangs delays nobody, and is dropped when nobody waits any more") {
    boost::asio::io_context loop{1};
    static std::counting_semaphore<> let_go{0};
    static std::atomic<bool> ended = false;
    static std::atomic<int> told = 0;
    {
      std::optional<Errands> errands(std::in_place, loop);
      errands->run([]() -> Errands::Then {
        let_go.acquire();
        ended = true;
        return [] { told = 100; };
      });
      errands->run([]() -> Errands::Then { return [] { ++told; }; });
      run_until(loop, [&] { return told > 0; });
      CHECK(told == 1);
    }
    let_go.release();
    for (int i = 0; i < 500 && !ended; ++i) std::this_thread::sleep_for(10ms);
    CHECK(ended);
    loop.run_for(50ms);
    CHECK(told == 1);
  }
}
