#include "daemon/host_readings.hpp"

#include <doctest/doctest.h>
#include <boost/asio/steady_timer.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <optional>
#include <semaphore>
#include <thread>

namespace host_readings_test {

using namespace vitald;
using namespace std::chrono_literals;

namespace {

namespace asio = boost::asio;

struct Row {
  std::uint64_t value = 0;
};
constexpr Column columns[] = {gauge<&Row::value>("answer_count", "How many.")};
constinit const Table<Row> table{{"answers", "nowhere", {}, columns}};
constexpr const Layout* layouts[] = {&table};

// Counts its readings, fails when told to, and hangs while it is not let go.
class Fake final : public Collector {
 public:
  std::atomic<int> readings = 0;
  std::atomic<bool> fails = false, hangs = false, shows_half = false, finds = true;
  std::atomic<const char*> lacks = nullptr;  // the path at which nothing is
  std::thread::id thread;
  std::atomic<int> inside = 0;
  std::counting_semaphore<> let_go{0};

  struct Inside {
    explicit Inside(Fake& fake) : fake_(fake) { ++fake_.inside; }
    ~Inside() { --fake_.inside; }
    Fake& fake_;
  };

  Result<void> collect(Page& page) override {
    ++readings;
    thread = std::this_thread::get_id();
    const Inside in(*this);
    if (hangs) let_go.acquire();
    if (fails) return system_fault("/proc/fake", EIO);
    if (lacks) return system_fault(lacks.load(), ENOENT);
    if (finds) page.sheet(table).next().value = static_cast<std::uint64_t>(readings);
    page.shown_despite_fault = shows_half;
    if (shows_half) return system_fault("/proc/fake", EIO);
    return {};
  }
};

constexpr std::string_view names[] = {"a", "b", "c", "d", "e", "f", "g", "h"};

// Eight collectors and a loop that runs until an answer is there.
class Host {
 public:
  explicit Host(std::chrono::milliseconds freshness = 0ms, Entry::Runs last = Entry::Runs::fast) {
    Absences at_once({0s, 1h});
    readings.emplace(loop_, log_, new_set(last), freshness, nullptr, at_once);
  }
  ~Host() {
    for (auto* fake : fakes) {
      fake->hangs = false;
      fake->let_go.release(100);
    }
    const auto outside = [](const Fake* fake) { return fake->inside == 0; };
    run_until([&] { return readings->left_behind() == 0 && std::ranges::all_of(fakes, outside); });
    readings.reset();  // before the loop that they stand on
  }

  std::shared_ptr<const http::View> ask(const http::Selection& selection, std::chrono::milliseconds patience = 5s) {
    std::shared_ptr<const http::View> given;
    readings->ask(selection, patience, [&](auto view) { given = std::move(view); });
    CHECK_FALSE(given);  // never before ask() returns
    run_until([&] { return given != nullptr; });
    REQUIRE(given);
    return given;
  }
  std::shared_ptr<const http::View> ask_all(std::chrono::milliseconds patience = 5s) { return ask(0xff, patience); }

  template <class Done>
  void run_until(Done done) {
    const auto end = std::chrono::steady_clock::now() + 10s;
    loop_.restart();
    while (!done() && std::chrono::steady_clock::now() < end) loop_.run_one_for(50ms);
  }

  // As a reload does it; the new ones are `fakes` from then on, and those before are good as long as they hang.
  void replace() { readings->replace(new_set(Entry::Runs::fast)); }

  // What the kernel tells of, where it tells at all.
  int listen_to_a_test() {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) == 0);
    set->sources.uevents().hear(ends[0]);
    return ends[1];
  }

  std::vector<Fake*> fakes;
  CollectorSet* set = nullptr;
  std::optional<HostReadings> readings;

 private:
  std::unique_ptr<CollectorSet> new_set(Entry::Runs last) {
    auto made_set = std::make_unique<CollectorSet>();
    set = made_set.get();
    fakes.clear();
    for (std::size_t i = 0; i < std::size(names); ++i) {
      if (entries_.size() <= i)
        entries_.push_back(std::make_unique<Entry>(Entry{
            names[i], "A fake.", true, i + 1 == std::size(names) ? last : Entry::Runs::fast, nullptr, layouts, {}}));
      auto made = std::make_unique<Fake>();
      fakes.push_back(made.get());
      made_set->members.push_back({entries_[i].get(), std::move(made), true});
    }
    return made_set;
  }

  asio::io_context loop_{1};
  Log log_{Log::Level::error};
  std::vector<std::unique_ptr<Entry>> entries_;
};

std::string states(const http::View& view) {
  std::string all;
  for (const auto& reading : view.readings) all += reading.state == State::ok ? '+' : reading.page ? '?' : '-';
  return all;
}

}  // namespace

TEST_SUITE("daemon/host_readings") {
  TEST_CASE("a request reads what it asks for, and nothing else is ever read") {
    Host host;
    const auto view = host.ask(0b101);
    CHECK(states(*view) == "++");
    CHECK(view->readings[1].entry->name == "c");
    CHECK(host.fakes[0]->readings == 1);
    CHECK(host.fakes[1]->readings == 0);
    CHECK(view->readings[0].sampled_at_seconds > 1e9);
    CHECK(view->readings[0].last_success_seconds == view->readings[0].sampled_at_seconds);
  }

  TEST_CASE("with no freshness every request is a reading; within the freshness they share one, and its view") {
    Host fresh, sharing(1h);
    const auto first = fresh.ask_all(), second = fresh.ask_all();
    CHECK(fresh.fakes[0]->readings == 2);
    CHECK(fresh.readings->readings() == 2);
    CHECK(first != second);
    const auto third = sharing.ask_all(), fourth = sharing.ask_all();
    CHECK(sharing.fakes[0]->readings == 1);
    CHECK(third == fourth);
  }

  TEST_CASE("what is fresh is had at once, and what is not, not") {
    Host fresh, sharing(1h);
    CHECK_FALSE(sharing.readings->fresh(0xff));
    const auto view = sharing.ask_all();
    CHECK(sharing.readings->fresh(0xff) == view);
    CHECK(states(*sharing.readings->fresh(0b11)) == "++");
    fresh.ask_all();
    CHECK_FALSE(fresh.readings->fresh(0xff));
  }

  TEST_CASE("of one that is late alone, every freshness makes a view of its own") {
    Host host(50ms);
    host.fakes[1]->hangs = true;
    const auto first = host.ask(0b10, 300ms);
    CHECK(states(*first) == "-");
    std::this_thread::sleep_for(100ms);
    const auto later = host.readings->fresh(0b10);
    REQUIRE(later);
    CHECK(states(*later) == "-");
    CHECK(later != first);
    CHECK(host.fakes[1]->readings == 1);
  }

  TEST_CASE("many at once share a reading that began after they asked") {
    Host host;
    int answered = 0;
    for (int i = 0; i < 64; ++i) host.readings->ask(0xff, 5s, [&](const auto&) { ++answered; });
    host.run_until([&] { return answered == 64; });
    CHECK(answered == 64);
    CHECK(host.readings->readings() <= 2);
  }

  TEST_CASE("a fault drops the page, says why, and is over with the next good reading") {
    Host host;
    host.ask_all();
    host.fakes[2]->fails = true;
    const auto bad = host.ask_all();
    CHECK(states(*bad) == "++-+++++");
    CHECK(bad->readings[2].why == "/proc/fake: Input/output error");
    CHECK(bad->readings[2].last_success_seconds > 0);
    CHECK(bad->readings[2].last_success_seconds < bad->readings[2].sampled_at_seconds);
    host.fakes[2]->fails = false;
    CHECK(states(*host.ask_all()) == "++++++++");
  }

  TEST_CASE("what a collector shows despite a fault is shown, and gone when the next reading is late") {
    Host host;
    host.fakes[2]->shows_half = true;
    const auto half = host.ask_all();
    CHECK(states(*half) == "++?+++++");
    CHECK(half->readings[2].state == State::parse);
    CHECK(half->readings[2].last_success_seconds == 0);
    host.fakes[2]->hangs = true;
    CHECK(states(*host.ask_all(400ms)) == "++-+++++");
  }

  TEST_CASE("one that hangs delays nobody behind it, is left out at the deadline, and costs nothing after that") {
    Host host;
    host.fakes[1]->hangs = true;
    const auto begin = std::chrono::steady_clock::now();
    const auto view = host.ask_all(400ms);
    CHECK(states(*view) == "+-++++++");
    CHECK(view->readings[1].state == State::timeout);
    CHECK(view->readings[1].why == "no answer in time");
    CHECK(view->readings[1].duration_seconds > 0.3);
    CHECK(std::chrono::steady_clock::now() - begin < 3s);
    CHECK(host.readings->left_behind() == 1);

    const auto again = std::chrono::steady_clock::now();
    CHECK(states(*host.ask_all(30s)) == "+-++++++");  // its deadline is not waited for any more
    CHECK(std::chrono::steady_clock::now() - again < 5s);
    CHECK(host.fakes[1]->readings == 1);  // and none is started behind it

    host.fakes[1]->hangs = false;
    host.fakes[1]->let_go.release();
    host.run_until([&] { return host.readings->left_behind() == 0; });
    CHECK(states(*host.ask_all()) == "++++++++");
    CHECK(host.fakes[1]->readings == 2);
  }

  TEST_CASE("at most four readers are left behind; then the rest fails at once, until one comes back") {
    Host host;
    for (int i = 0; i < 6; ++i) host.fakes[static_cast<std::size_t>(i)]->hangs = true;
    const auto view = host.ask_all(1500ms);
    CHECK(host.readings->left_behind() == 4);
    CHECK(states(*view).substr(0, 6) == "------");
    const auto begin = std::chrono::steady_clock::now();
    host.ask_all(30s);
    CHECK(std::chrono::steady_clock::now() - begin < 5s);
    CHECK(host.readings->left_behind() == 4);
    for (auto* fake : host.fakes) {
      fake->hangs = false;
      fake->let_go.release(10);
    }
    host.run_until([&] { return host.readings->left_behind() == 0; });
    host.ask_all();
    CHECK(states(*host.ask_all()) == "++++++++");
  }

  TEST_CASE("a slow collector reads beside the fast ones") {
    Host host(0ms, Entry::Runs::slow);
    host.fakes[7]->hangs = true;
    CHECK(states(*host.ask(0x7f)) == "+++++++");
    CHECK(states(*host.ask_all(300ms)) == "+++++++-");
    CHECK(host.readings->left_behind() == 0);  // it holds up nobody, so it is not replaced
  }

  TEST_CASE("a slow collector that found nothing is read with the fast ones, until it finds something") {
    Host host(0ms, Entry::Runs::slow);
    host.fakes[7]->finds = false;
    host.ask_all();
    host.ask_all();
    CHECK(host.fakes[7]->thread == host.fakes[0]->thread);
    host.fakes[7]->finds = true;
    host.ask_all();
    CHECK(host.fakes[7]->thread == host.fakes[0]->thread);
    host.ask_all();
    CHECK(host.fakes[7]->thread != host.fakes[0]->thread);
  }

  TEST_CASE("what the kernel lacks is not read again until it tells of something; all else is read each time") {
    Host host;
    const int kernel = host.listen_to_a_test();
    host.fakes[1]->lacks = "/sys/class/vitald_has_none";
    host.fakes[2]->lacks = "/proc/net/vitald/has_none";
    host.fakes[3]->lacks = "/run/vitald_has_none";
    host.fakes[4]->fails = true;
    for (int round = 0; round < 5; ++round) {
      const auto view = host.ask_all();
      CHECK(states(*view) == "+----+++");
      CHECK(view->readings[1].state == State::absent);
      CHECK(view->readings[1].why == "/sys/class/vitald_has_none: No such file or directory");
      CHECK(view->readings[1].sampled_at_seconds >= view->readings[0].sampled_at_seconds - 1);
    }
    for (const auto place : {0u, 3u, 4u, 5u}) CHECK(host.fakes[place]->readings == 5);
    const int before = host.fakes[1]->readings;  // twice: the second time because it had not listened at the first
    CHECK(before <= 2);
    CHECK(host.fakes[2]->readings == before);

    host.fakes[1]->lacks = nullptr;
    constexpr std::string_view event("add@/module/x\0ACTION=add\0SUBSYSTEM=module\0", 42);
    REQUIRE(::send(kernel, event.data(), event.size(), 0) == ssize_t{event.size()});
    CHECK(states(*host.ask_all()) == "++---+++");
    CHECK(host.fakes[2]->readings == before + 1);
    CHECK(states(*host.ask(0b100)) == "-");  // alone, and nothing is left to read
    CHECK(host.fakes[2]->readings == before + 1);
    ::close(kernel);
  }

  TEST_CASE("where the kernel's events are not heard, what is not there is looked for each time") {
    Host host;
    host.fakes[1]->lacks = "/sys/class/vitald_has_none";
    for (int round = 0; round < 4; ++round) host.ask_all();
    CHECK(host.fakes[1]->readings == 4);
  }

  TEST_CASE("what is known already is told without a reading") {
    Host host;
    CHECK(states(*host.readings->latest()) == "--------");
    host.ask(0b1);
    CHECK(states(*host.readings->latest()) == "+-------");
    CHECK(host.readings->readings() == 1);
  }

  TEST_CASE("other collectors take over between two readings, with what was known of those before") {
    Host host;
    host.ask_all();
    host.replace();
    CHECK(host.readings->sets() == 1);  // nothing was under way
    CHECK(states(*host.readings->latest()) == "++++++++");
    CHECK(host.fakes[0]->readings == 0);
    CHECK(states(*host.ask_all()) == "++++++++");
    CHECK(host.fakes[0]->readings == 1);
  }

  TEST_CASE("who has asked before is answered by the new ones, once") {
    Host host;
    int answered = 0;
    for (int i = 0; i < 5; ++i)
      host.readings->ask(0xff, 5s, [&](const auto& view) {
        ++answered;
        CHECK(states(*view) == "++++++++");
      });
    host.replace();
    host.run_until([&] { return answered == 5; });
    CHECK(answered == 5);
    CHECK(host.fakes[0]->readings >= 1);
    host.run_until([&] { return host.readings->sets() == 1; });
    CHECK(host.readings->sets() == 1);
  }

  TEST_CASE("a set goes when the last of its readings has come, and what it read is dropped") {
    Host host;
    auto* const hanging = host.fakes[1];
    hanging->hangs = true;
    CHECK(states(*host.ask_all(300ms)) == "+-++++++");
    host.replace();
    CHECK(host.readings->sets() == 2);
    for (int i = 0; i < 3; ++i) host.replace();  // of these nothing is under way
    CHECK(host.readings->sets() == 2);
    CHECK(states(*host.ask_all()) == "++++++++");
    hanging->hangs = false;
    hanging->let_go.release();
    host.run_until([&] { return host.readings->sets() == 1; });
    CHECK(host.readings->sets() == 1);
    CHECK(states(*host.ask_all()) == "++++++++");
    CHECK(host.fakes[1]->readings == 2);
  }
}

}  // namespace host_readings_test
