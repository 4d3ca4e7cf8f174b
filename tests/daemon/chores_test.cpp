#include "daemon/chores.hpp"

#include <doctest/doctest.h>

#include <future>
#include <string>
#include <thread>

namespace chores_test {

using namespace vitald;

TEST_SUITE("daemon/chores") {
  TEST_CASE(
      "work is done beside the loop, the lowest rank first; then its end "
      "is told on the loop") {
    boost::asio::io_context loop{1};
    Chores chores(loop, "chores", 8);
    std::promise<void> held;
    auto gate = held.get_future().share();
    std::string order;
    const auto here = std::this_thread::get_id();
    std::promise<void> begun;
    chores.give({[&, gate] {
                   CHECK((std::this_thread::get_id() != here));
                   begun.set_value();
                   gate.wait();
                 },
                 [&] { order += 'a'; },
                 {}});
    begun.get_future().wait();
    chores.give({[] {}, [&] { order += 'd'; }, {}, 2});
    chores.give({[] {}, [&] { order += 'b'; }, {}, 1});
    chores.give({[] {}, [&] { order += 'c'; }, {}, 1});
    held.set_value();
    while (order.size() < 4) loop.run_one();
    CHECK((std::this_thread::get_id() == here));
    CHECK(order == "abcd");
    chores.give({[] {}, [&] { order += 'e'; }, {}});  // by a new thread
    while (order.size() < 5) loop.run_one();
  }

  TEST_CASE("there is room for so many; who ranks worst makes room") {
    boost::asio::io_context loop{1};
    Chores chores(loop, "chores", 2);
    std::promise<void> held, begun;
    auto gate = held.get_future().share();
    std::string told;
    chores.give({[&, gate] {
                   begun.set_value();
                   gate.wait();
                 },
                 [&] { told += '0'; },
                 {}});
    begun.get_future().wait();
    CHECK(chores.give({[] {}, [&] { told += 'x'; }, [&] { told += 'X'; }, 5}));
    CHECK(chores.give({[] {}, [&] { told += '1'; }, [&] { told += 'Y'; }, 1}));
    CHECK_FALSE(chores.give({[] {}, [&] { told += 'z'; }, {}, 5}));
    CHECK(chores.give({[] {}, [&] { told += '2'; }, {}, 4}));
    loop.run_one();
    CHECK(told == "X");
    held.set_value();
    while (told.size() < 4) loop.run_one();
    CHECK(told == "X012");
  }

  TEST_CASE("one that hangs is waited for by nobody") {
    struct Held {
      std::promise<void> begun, held, ended;
    };
    boost::asio::io_context loop{1};
    const auto one = std::make_shared<Held>();
    {
      Chores chores(loop, "chores", 2);
      chores.give({[one] {
                     one->begun.set_value();
                     one->held.get_future().wait();
                     one->ended.set_value();
                   },
                   [] { FAIL("nobody is there"); },
                   {}});
      one->begun.get_future().wait();
    }
    one->held.set_value();
    one->ended.get_future().wait();
  }
}

}  // namespace chores_test
