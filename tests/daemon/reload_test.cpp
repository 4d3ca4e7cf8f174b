#include "daemon/reload.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <semaphore>

namespace reload_test {

using namespace vitald;
using namespace std::chrono_literals;

TEST_SUITE("daemon/reload") {
  TEST_CASE("one at a time, and those who ask meanwhile share one more") {
    boost::asio::io_context loop{1};
    static std::counting_semaphore<> let_go{0};
    std::atomic<int> at_once = 0, most = 0;
    int begun = 0, ended = 0;
    Reload reload(
        loop,
        [&]() -> Reload::Work {
          ++begun;
          return [&]() -> Reload::Then {
            most = std::max(most.load(), ++at_once);
            let_go.acquire();
            --at_once;
            return [&] { ++ended; };
          };
        },
        [] {});
    for (int i = 0; i < 100; ++i) reload.ask();
    CHECK(begun == 1);
    let_go.release(2);
    const auto end = std::chrono::steady_clock::now() + 10s;
    while (ended < 2 && std::chrono::steady_clock::now() < end) loop.run_one_for(50ms);
    CHECK(begun == 2);
    CHECK(ended == 2);
    CHECK(most == 1);
    loop.run_for(30ms);
    CHECK(begun == 2);
  }
}

}  // namespace reload_test
