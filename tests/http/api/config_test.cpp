// /api/v1/config, by its handler and by its route.
#include "http/api/handlers.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace config_test {

using namespace vitald;
using Setting = http::Configuration::Setting;

namespace {

std::string body_of(const http::Reply& reply) {
  std::string all;
  for (const auto& part : reply.body->parts) all.append(part.bytes);
  return all;
}

}  // namespace

TEST_SUITE("http/api/config") {
  TEST_CASE("each setting has its value in its kind, its origin, and whether a reload can change it") {
    http::Context context;
    context.configuration = [] {
      http::Configuration made;
      made.generation = 3;
      made.files = {"/etc/v.yaml"};
      made.settings = {{"web.freshness", Setting::Kind::text, false, {"1\"s"}, "/etc/v.yaml:2", true, false},
                       {"list", Setting::Kind::text, true, {":1", ":2"}, "--list", false, false},
                       {"none", Setting::Kind::text, true, {}, "default", true, false},
                       {"on", Setting::Kind::boolean, false, {"true"}, "default", true, false},
                       {"number", Setting::Kind::integer, false, {"+4"}, "default", true, false},
                       {"key", Setting::Kind::integer, false, {"(secret)"}, "default", true, true}};
      return made;
    };
    const auto reply = http::config({}, context, {});
    CHECK(reply.code == http::Status::ok);
    CHECK(reply.type == "application/json");
    const auto json = nlohmann::json::parse(body_of(reply));
    CHECK(json["generation"] == 3);
    CHECK(json["files"] == std::vector<std::string>{"/etc/v.yaml"});
    const auto& all = json["settings"];
    REQUIRE(all.size() == 6);
    CHECK(all[0]["key"] == "web.freshness");
    CHECK(all[0]["value"] == "1\"s");
    CHECK(all[0]["origin"] == "/etc/v.yaml:2");
    CHECK(all[0]["reload"] == true);
    CHECK(all[1]["value"] == std::vector<std::string>{":1", ":2"});
    CHECK(all[1]["reload"] == false);
    CHECK(all[2]["value"] == nlohmann::json::array());
    CHECK(all[3]["value"] == true);
    CHECK(all[4]["value"] == 4);
    CHECK(all[5]["value"] == "(secret)");
    CHECK(all[5]["secret"] == true);
  }

  TEST_CASE("without settings it says so") {
    CHECK(http::config({}, http::Context{}, {}).code == http::Status::unavailable);
  }

  TEST_CASE("its route is private") {
    const http::Context context;
    const auto routes = http::routes(context);
    const auto route = std::ranges::find(routes, "/api/v1/config", &http::Route::pattern);
    REQUIRE(route != routes.end());
    CHECK((route->access == http::Class::private_));
  }
}

}  // namespace config_test
