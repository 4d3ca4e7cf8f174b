#include "http/request.hpp"

#include <doctest/doctest.h>

namespace request_test {

using namespace vitald::http;

TEST_SUITE("http/request") {
  TEST_CASE("parameters keep their order and are decoded once") {
    const auto found = parameters("collect[]=cpu&collect%5B%5D=a+b%2526&flag&=x&&");
    REQUIRE(found);
    CHECK(*found == Parameters{{"collect[]", "cpu"}, {"collect[]", "a b%26"}, {"flag", ""}, {"", "x"}});
  }

  TEST_CASE("a broken escape is told") {
    for (const char* broken : {"a=%", "a=%4", "a=%zz", "%-1=b", "a=%+1"})
      CHECK_FALSE_MESSAGE(parameters(broken), broken);
  }

  TEST_CASE("a plus is a space in a query only") {
    CHECK(decoded("a+b", true) == "a b");
    CHECK(decoded("a+b", false) == "a+b");
    CHECK(decoded("%00", false) == std::string(1, '\0'));
  }
}

}  // namespace request_test
