// The port for groups of processes, by its handlers.
#include "http/api/handlers.hpp"
#include "http/api/metrics_text.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace groups_test {

using namespace vitald;

namespace {

std::string body_of(const http::Reply& reply) {
  std::string all;
  for (const auto& part : reply.body->parts) all.append(part.bytes);
  return all;
}

class NoReadings final : public http::Readings {
 public:
  std::vector<Known> all{{&test::entry("loadavg"), true}, {&test::entry("process_groups"), true}};
  std::span<const Known> known() const override { return all; }
  void ask(const http::Selection&, Clock::duration, Ready) override {}
  std::shared_ptr<const http::View> latest() const override { return nullptr; }
};

struct Port {
  Port() {
    context.readings = &readings;
    context.metrics_text = &text;
    context.version = "1.2\"3";
  }
  http::Reply ask(std::shared_ptr<const Page> page, std::string_view accept = {}, std::string_view encoding = {}) {
    http::View view;
    view.readings.push_back({&test::entry("process_groups"), std::move(page), State::ok, "why not", 0, 0, 0});
    http::Request request;
    request.accept = accept;
    request.accept_encoding = encoding;
    return http::groups(request, context, view);
  }
  NoReadings readings;
  http::MetricsText text;
  http::Context context;
};

}  // namespace

TEST_SUITE("http/api/groups") {
  TEST_CASE("it asks for that collector alone, as long as it is on") {
    Port port;
    const auto plan = http::plan_groups({}, port.context);
    CHECK((plan.needs.count() == 1 && plan.needs[1]));
    port.readings.all[1].on = false;
    CHECK(http::plan_groups({}, port.context).refusal->code == http::Status::unavailable);
    port.readings.all.pop_back();
    CHECK(http::plan_groups({}, port.context).refusal->code == http::Status::unavailable);
  }

  TEST_CASE("the page is the collector's, and the build; no page is no answer") {
    Port port;
    test::Tree tree;
    tree.file("proc/loadavg", "0.25 0.5 1 1/2 3\n");
    test::Running running(tree, "loadavg");
    REQUIRE(running.collect().has_value());
    const std::shared_ptr<const Page> page(std::shared_ptr<int>(), &running.page());
    const auto shown = body_of(port.ask(page));
    CHECK(shown.starts_with("# HELP node_load1 "));
    CHECK(test::lines(shown, "process_exporter_build_info") ==
          "process_exporter_build_info{branch=\"\",goarch=\"\",goos=\"linux\",goversion=\"\",revision=\"\",tags=\"\","
          "version=\"1.2\\\"3\"} 1\n");
    CHECK(shown.find("vitald_") == shown.npos);
    const auto open = port.ask(page, "application/openmetrics-text");
    CHECK(open.type.starts_with("application/openmetrics-text"));
    CHECK(body_of(open).ends_with("# EOF\n"));
    CHECK(port.ask(page, {}, "gzip").encoding == "gzip");
    CHECK(port.ask(nullptr).code == http::Status::unavailable);
    CHECK(body_of(port.ask(nullptr)).find("why not") != std::string::npos);
  }

  TEST_CASE("two resources and no more") {
    Port port;
    port.context.telemetry_path = "/m";
    const auto routes = http::group_routes(port.context);
    REQUIRE(routes.size() == 2);
    CHECK(routes[0].pattern == "/m");
    CHECK(body_of(http::groups_landing({}, port.context, {})).find("href=\"/m\"") != std::string::npos);
  }
}

}  // namespace groups_test
