#include "http/events/samples.hpp"

#include "http/api/metrics_text.hpp"

#include <doctest/doctest.h>

namespace samples_test {

using namespace vitald;
using namespace vitald::http;
using namespace std::chrono_literals;

namespace {

struct Row {
  std::uint64_t value = 7;
};
constexpr Column columns[] = {gauge<&Row::value>("answer_count", "How many.", {}, "answer")};
constinit const Table<Row> table{{"answers", "nowhere", {}, columns}};
constexpr const Layout* layouts[] = {&table};
constinit const Entry good{"good", "A good one.", true, Entry::Runs::fast, nullptr, layouts};
constinit const Entry bad{"bad", "One that fails.", true, Entry::Runs::fast, nullptr, layouts};

// Keeps who asks, until it is told to answer.
class FakeReadings final : public Readings {
 public:
  std::span<const Known> known() const override { return known_; }
  void ask(const Selection& selection, Clock::duration, Ready ready) override {
    asked.emplace_back(selection, std::move(ready));
  }
  std::shared_ptr<const View> latest() const override { return std::make_shared<View>(); }
  void answer_all() {
    for (auto& [selection, ready] : std::exchange(asked, {})) {
      auto view = std::make_shared<View>();
      auto page = std::make_shared<Page>();
      page->sheet(table).next();
      if (selection[0]) view->readings.push_back({&good, page, State::ok, {}, 0.25, 1000, 1000});
      if (selection[1]) view->readings.push_back({&bad, nullptr, State::parse, "odd", 0, 1000, 0});
      ready(view);
    }
  }
  std::vector<std::pair<Selection, Ready>> asked;

 private:
  std::vector<Known> known_{{&good, true}, {&bad, true}};
};

struct Ear final : Listener {
  void news() override {
    ++times;
    if (on_news) on_news();
  }
  int times = 0;
  std::function<void()> on_news;
  std::unique_ptr<Subscription> place;
};

struct World {
  World() {
    context.readings = &readings;
    context.metrics_text = &text;
  }
  void listen(Ear& ear, unsigned topics = 1, Samples::ms interval = 1s) {
    ear.place = samples.listen(topics, interval, ear, now);
  }
  void pass(Samples::Clock::duration time) {
    now += time;
    samples.beat(now);
  }
  FakeReadings readings;
  MetricsText text;
  Context context;
  Samples::Clock::time_point now{1000s}, wake = Samples::Clock::time_point::max();
  Samples samples{context, [this](auto when) { wake = when; }};
};

std::string said(Ear& ear) {
  const auto message = ear.place->next();
  return message.own + (message.shared ? *message.shared : "");
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

}  // namespace

TEST_SUITE("http/events/samples") {
  TEST_CASE("nothing is armed while nobody listens") {
    World world;
    CHECK(world.wake == Samples::Clock::time_point::max());
    Ear ear;
    world.listen(ear);
    CHECK(world.wake == world.now + 1s);
    CHECK(world.readings.asked.size() == 1);  // the first does not wait for the beat
    ear.place.reset();
    CHECK(world.wake == Samples::Clock::time_point::max());
    world.readings.answer_all();  // too late, and for nobody
    world.pass(5s);
    CHECK(world.readings.asked.empty());
  }

  TEST_CASE("a sample is an event with each topic's rows") {
    World world;
    Ear ear;
    world.listen(ear, 3);
    CHECK(said(ear).empty());
    world.readings.answer_all();
    CHECK(ear.times == 1);
    const auto event = said(ear);
    CHECK(event.starts_with("id: "));
    CHECK(has(event, "-1\nevent: sample\ndata: {\"skipped\":0,\"good\":{\"name\":\"good\",\"state\":\"ok\""));
    CHECK(has(event, R"("data":{"answers":[{"answer":7}]}},"bad":{"name":"bad","state":"parse","error":"odd")"));
    CHECK(event.ends_with("}\n\n"));
    CHECK(said(ear).empty());
  }

  TEST_CASE("all who want the same share a reading and its bytes; who comes later gets the last at once") {
    World world;
    Ear first, second, other;
    world.listen(first);
    world.readings.answer_all();
    world.listen(second);
    CHECK(world.readings.asked.empty());
    CHECK(first.place->next().shared == second.place->next().shared);
    world.listen(other, 2);
    world.readings.answer_all();
    world.pass(1s);
    CHECK(world.readings.asked.size() == 2);
    world.readings.answer_all();
    CHECK(first.times == 2);
    CHECK(second.times == 1);
  }

  TEST_CASE("who is slow gets the newest, and how many were missed") {
    World world;
    Ear ear;
    world.listen(ear);
    for (int i = 0; i < 4; ++i) {
      world.readings.answer_all();
      world.pass(1s);
    }
    CHECK(has(said(ear), "-4\nevent: sample\ndata: {\"skipped\":3,"));
    CHECK(world.samples.skipped() == 3);
    CHECK(said(ear).empty());
  }

  TEST_CASE("a reading that takes longer than the beat has none behind it") {
    World world;
    Ear ear;
    world.listen(ear);
    for (int i = 0; i < 4; ++i) world.pass(1s);
    CHECK(world.readings.asked.size() == 1);
    world.readings.answer_all();
    world.pass(10s);  // no beats are made up for
    CHECK(world.readings.asked.size() == 1);
    CHECK(has(said(ear), "-1\n"));
  }

  TEST_CASE("beats of an interval fall together") {
    World world;
    Ear early, late;
    world.listen(early, 1, 2s);
    world.now += 700ms;
    world.listen(late, 2, 2s);
    CHECK(world.wake == Samples::Clock::time_point(1002s));
    world.readings.answer_all();
    world.now = Samples::Clock::time_point(1002s);
    world.samples.beat(world.now);
    CHECK(world.readings.asked.size() == 2);
  }

  TEST_CASE("who is told may leave, and end others") {
    World world;
    Ear first, second, third;
    for (auto* each : {&first, &second, &third}) world.listen(*each);
    first.on_news = [&] { first.place.reset(), second.place.reset(); };
    world.readings.answer_all();
    CHECK(second.times == 0);
    CHECK(third.times == 1);
    third.on_news = [&] { third.place.reset(); };
    world.pass(1s);
    world.readings.answer_all();
    CHECK(world.wake == Samples::Clock::time_point::max());
  }
}

}  // namespace samples_test
