#include "collectors/base/name_service.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <map>
#include <string>
#include <vector>

namespace name_service_test {

using namespace vitald;

namespace {

struct Services final : Probe {
  void ask(std::span<Question> questions, std::chrono::milliseconds) override {
    for (auto& each : questions) {
      CHECK(each.wants == Wants::user);
      asked.emplace_back(each.path);
      const auto found = names.find(std::string(each.path));
      each.error = hang ? ETIMEDOUT : found == names.end() ? ENOENT : 0;
      if (each.error == 0) *each.bytes = found->second;
    }
  }
  std::map<std::string, std::string> names{{"1000", "far"}, {"1001", "away"}};
  std::vector<std::string> asked;
  bool hang = false;
};

}  // namespace

TEST_SUITE("base/name_service") {
  TEST_CASE("a name is asked for once, and again when it is old; that there is none is known, too") {
    Services services;
    NameService names(services);
    const auto now = NameService::Clock::now();
    for (int i = 0; i < 3; ++i) {
      CHECK(names.of(1000, now) == "far");
      CHECK(names.of(7, now) == "");
    }
    CHECK(services.asked == std::vector<std::string>{"1000", "7"});
    services.names["1000"] = "renamed";
    CHECK(names.of(1000, now + NameService::good_for - std::chrono::seconds(1)) == "far");
    CHECK(names.of(1000, now + NameService::good_for) == "renamed");
  }

  TEST_CASE("while a name service hangs nobody waits for it, and what is known stays") {
    Services services;
    NameService names(services);
    const auto now = NameService::Clock::now(), later = now + NameService::good_for;
    CHECK(names.of(1000, now) == "far");
    services.hang = true;
    CHECK(names.of(1001, later) == "");
    for (std::uint64_t user = 1000; user < 1100; ++user) CHECK(names.of(user, later) == (user == 1000 ? "far" : ""));
    CHECK(services.asked.size() == 2);
    services.hang = false;
    CHECK(names.of(1001, later + NameService::rest) == "away");
  }
}

}  // namespace name_service_test
