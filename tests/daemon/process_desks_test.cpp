#include "daemon/process_desks.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>

namespace process_desks_test {

using namespace vitald;
using namespace std::chrono_literals;
using Desk = http::Processes::Desk;

namespace {

class NoSource final : public ProcessSource {
 public:
  explicit NoSource(std::shared_ptr<std::atomic<int>> alive) : alive_(std::move(alive)) { ++*alive_; }
  ~NoSource() override { --*alive_; }  // on a thread that was left behind, maybe after the test
  Result<std::shared_ptr<const ProcessSample>> sample(const SampleWish&) override { return Fault{Parse::no_data, "x"}; }
  Result<std::shared_ptr<const ProcessCounts>> counts(const SampleWish&) override { return Fault{Parse::no_data, "x"}; }
  void keep(const std::shared_ptr<const ProcessSample>&) override {}
  std::shared_ptr<const ProcessSample> kept(std::uint64_t) override { return nullptr; }
  Result<ProcessPart> part(ProcessPart::Kind, int, std::uint64_t) override { return Fault{Parse::no_data, "x"}; }

 private:
  std::shared_ptr<std::atomic<int>> alive_;
};

struct Desks {
  explicit Desks(std::chrono::milliseconds with_patience = 6s) : patience(with_patience) {}
  template <class Ready>
  void run_until(Ready ready) {
    while (!ready()) loop.run_one_for(10s);
  }
  void read(Desk desk, http::Processes::Work work) {
    desks.read(desk, std::move(work), [this](const http::Reply& reply) { codes.push_back(reply.code); });
  }
  const std::chrono::milliseconds patience;
  boost::asio::io_context loop{1};
  std::shared_ptr<std::atomic<int>> alive = std::make_shared<std::atomic<int>>(0);
  int sources() const { return *alive; }
  std::vector<http::Status> codes;
  ProcessDesks desks{loop, [this] { return std::make_unique<NoSource>(alive); }, 100ms, patience};
};

http::Reply fine() { return http::plain(http::Status::ok, "x"); }

}  // namespace

TEST_SUITE("daemon/process_desks") {
  TEST_CASE("work is done off the loop, in turn at each desk, with one source that stays") {
    Desks all;
    CHECK(all.desks.rests());
    CHECK(all.sources() == 0);
    const auto here = std::this_thread::get_id();
    int done = 0;
    for (int i = 0; i < 3; ++i)
      all.read(Desk::listings, [&, here, i](ProcessSource&) {
        CHECK((std::this_thread::get_id() != here));
        CHECK(done++ == i);
        return fine();
      });
    CHECK(all.codes.empty());
    all.run_until([&] { return all.codes.size() == 3; });
    CHECK(all.codes == std::vector(3, http::Status::ok));
    CHECK(all.sources() == 1);
    CHECK_FALSE(all.desks.rests());
    all.desks.renew([&all] { return std::make_unique<NoSource>(all.alive); }, 1ms);
    CHECK(all.sources() == 0);
    CHECK((all.desks.rests() && all.desks.freshness() == 1ms));
  }

  TEST_CASE("one desk does not wait for the other; a bug costs one reply; a crowd is refused") {
    Desks all;
    std::promise<void> held;
    const auto gate = held.get_future().share();
    all.read(Desk::parts, [gate](ProcessSource&) { return gate.wait(), fine(); });
    all.read(Desk::listings, [](ProcessSource&) -> http::Reply { throw std::runtime_error("x"); });
    all.run_until([&] { return all.codes.size() == 1; });
    CHECK(all.codes[0] == http::Status::internal_error);
    for (std::size_t i = 0; i < ProcessDesks::most_waiting + 1; ++i)
      all.read(Desk::parts, [](ProcessSource&) { return fine(); });
    all.run_until([&] { return all.codes.size() == 2; });
    CHECK(all.codes[1] == http::Status::unavailable);
    held.set_value();
    all.run_until([&] { return all.codes.size() == ProcessDesks::most_waiting + 3; });
  }

  TEST_CASE("a reading that hangs is left behind, the next has a source of its own; too many are refused") {
    Desks all(20ms);
    std::promise<void> held;
    const auto gate = held.get_future().share();
    for (std::size_t i = 1; i <= ProcessDesks::most_left_behind; ++i) {
      all.read(Desk::parts, [gate](ProcessSource&) { return gate.wait(), fine(); });
      all.run_until([&] { return all.codes.size() == i; });
      CHECK(all.codes.back() == http::Status::unavailable);
      CHECK(all.desks.left_behind() == i);
      CHECK(all.sources() == static_cast<int>(i));  // each hangs with its own
    }
    for (const auto desk : {Desk::parts, Desk::listings}) all.read(desk, [](ProcessSource&) { return fine(); });
    const auto refused = ProcessDesks::most_left_behind + 2;
    all.run_until([&] { return all.codes.size() == refused; });
    CHECK(all.codes == std::vector(refused, http::Status::unavailable));
    held.set_value();
    all.run_until([&] { return all.desks.left_behind() == 0; });
    CHECK(all.codes.size() == refused);  // who had been answered is not answered again
    all.read(Desk::parts, [](ProcessSource&) { return fine(); });
    all.run_until([&] { return all.codes.size() == refused + 1; });
    CHECK(all.codes.back() == http::Status::ok);
  }

  TEST_CASE("calls come when they are due") {
    Desks all;
    std::string order;
    all.desks.after(20ms, [&] { order += 'b'; });
    all.desks.after(1ms, [&] { order += 'a'; });
    all.run_until([&] { return order.size() == 2; });
    CHECK(order == "ab");
  }
}

}  // namespace process_desks_test
