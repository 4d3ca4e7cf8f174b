// "Once warm a scrape allocates nothing": counted for reading, parsing and encoding, of a copy and of this machine.
#include "http/encode/exposition.hpp"
#include "http/encode/json.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/whole_host.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace allocation_test {

using namespace vitald;

namespace {

// Every mount says the same; FakeProbe would remember what it was asked.
class SameAnswers final : public Probe {
  void ask(std::span<Question> questions, std::chrono::milliseconds) override {
    for (auto& question : questions) question.size = {4096, 1000, 500, 400, 99, 77, false};
  }
};

struct Scrape {
  encode::Exposition exposition, open_metrics{encode::Format::open_metrics};
  Out json;

  void of(test::WholeHost& host) {
    host.collect();
    json.clear();
    for (auto& told : host.all())
      if (told.done) {
        std::size_t table = 0;
        told.page.each([&](const Rows& rows) {
          exposition.write(rows, told.page.text, table);
          open_metrics.write(rows, told.page.open_metrics, table++);
          encode::json(rows, json);
        });
        told.page.text.made = told.page.open_metrics.made = true;
      }
  }
};

// The least of some scrapes: interfaces and mounts of a live machine may come meanwhile, and cost something once.
std::size_t allocations_of_a_warm_scrape(test::WholeHost& host) {
  Scrape scrape;
  for (int i = 0; i < 3; ++i) scrape.of(host);
  auto least = test::allocations_of([&] { scrape.of(host); });
  for (int i = 0; i < 4 && least > 0; ++i) least = std::min(least, test::allocations_of([&] { scrape.of(host); }));
  return least;
}

}  // namespace

TEST_SUITE("allocations") {
  TEST_CASE("a warm scrape of a copy allocates nothing, on each machine") {
    for (const auto& name : test::all_hosts()) {
      const test::Tree tree(name);
      SameAnswers probe;
      test::WholeHost host(tree.roots(), test::machine(name).flags, probe);
      CHECK_MESSAGE(allocations_of_a_warm_scrape(host) == 0, name);
    }
  }

  TEST_CASE("a warm scrape of this machine allocates nothing, netlink included") {
    const Roots roots;
    SameAnswers probe;
    test::WholeHost host(roots, {}, probe);
    CHECK(allocations_of_a_warm_scrape(host) == 0);
    for (const char* collector : {"cpu", "filefd", "loadavg", "meminfo", "netdev", "stat", "time", "uname", "vmstat"})
      CHECK_MESSAGE(host[collector].done.has_value(), collector);  // what failed would have little to allocate
  }

  TEST_CASE("the counter counts") {
    CHECK(test::allocations_of([] { std::string(1000, 'x').swap(*std::make_unique<std::string>()); }) > 0);
  }
}

}  // namespace allocation_test
