#include "http/auth/accepted.hpp"
#include "http/auth/basic.hpp"
#include "http/auth/bcrypt.hpp"
#include "http/auth/users.hpp"
#include "tests/support/allocations.hpp"

#include <crypt.h>
#include <doctest/doctest.h>

namespace auth_test {

using namespace vitald;
using namespace vitald::http;

namespace {

std::string hash_of(const std::string& password, const char* kind = "$2b$") {
  return ::crypt(password.c_str(), (std::string(kind) + "04$abcdefghijklmnopqrstuu").c_str());
}

}  // namespace

TEST_SUITE("http/auth") {
  TEST_CASE("user and password, as clients send them") {
    Basic basic;
    REQUIRE(basic.read("Basic YWxpY2U6b3BlbjpzZXNhbWU="));  // alice:open:sesame
    CHECK(basic.user() == "alice");
    CHECK(basic.password() == "open:sesame");
    CHECK(basic.read("basic  Og=="));
    CHECK(basic.user().empty());
    for (const char* wrong : {"", "Basic", "Basic ", "Bearer YWxpY2U6eA==", "Basic YWxpY2U=", "Basic !!!!",
                              "Basic YWxpY2U6", "Basic YWxpY2U6eA", "BasicYWxpY2U6eA==", "Basic YWxpY2U6eA== x"})
      if (std::string_view(wrong) != "Basic YWxpY2U6") CHECK_FALSE_MESSAGE(basic.read(wrong), wrong);
    CHECK_FALSE(basic.read("Basic " + std::string(100'000, 'A')));
    const std::string longest(4 * (Basic::most / 3), 'A');
    CHECK_FALSE(basic.read("Basic " + longest));  // all zeros: no colon
    CHECK(test::allocations_of([&] { basic.read("Basic YWxpY2U6b3BlbjpzZXNhbWU="); }) == 0);
  }

  TEST_CASE("bcrypt in its three kinds") {
    for (const char* kind : {"$2a$", "$2b$", "$2y$"}) {
      const auto hash = hash_of("sesame", kind);
      CHECK(is_password_of("sesame", hash));
      CHECK_FALSE(is_password_of("Sesame", hash));
      CHECK_FALSE(is_password_of("", hash));
      CHECK_FALSE(is_password_of(std::string_view("sesame\0x", 8), hash));
    }
    const std::string seventy_two(72, 'x');
    CHECK(is_password_of(seventy_two + "more, which bcrypt does not read", hash_of(seventy_two)));
    CHECK_FALSE(is_password_of("x", "$2b$04$not a hash"));
    CHECK_FALSE(is_password_of("x", "*0"));
  }

  TEST_CASE(
      "who is not known is tried against a hash that nobody has, as "
      "costly as the dearest") {
    const Users users({{"alice", hash_of("a")}, {"bob", "$2b$06$" + hash_of("b").substr(7)}});
    CHECK(users.find("alice").known);
    const auto nobody = users.find("carol");
    CHECK_FALSE(nobody.known);
    CHECK(nobody.hash.starts_with("$2b$06$"));
    CHECK(nobody.hash.size() == 60);
    const std::string hash(nobody.hash);
    CHECK_FALSE(is_password_of("", hash));
    char room[sizeof(crypt_data)];
    CHECK(std::string_view(::crypt_r("x", hash.c_str(),
                                     reinterpret_cast<crypt_data*>(room)))
              .size() == 60);  // it is tried
    CHECK(Users().empty());
  }

  TEST_CASE(
      "successes are known again, exactly, without allocating; as many "
      "as fit") {
    Accepted accepted;
    CHECK_FALSE(accepted.knows("a", "h", "p"));
    accepted.remember("a", "h", "p");
    CHECK(accepted.knows("a", "h", "p"));
    CHECK_FALSE(accepted.knows("ah", "", "p"));  // the fields' lengths are part of it
    CHECK_FALSE(accepted.knows("a", "hp", ""));
    CHECK_FALSE(accepted.knows("a", "h", "q"));
    CHECK(test::allocations_of([&] { CHECK(accepted.knows("a", "h", "p")); }) == 0);
    for (std::size_t i = 0; i < Accepted::most; ++i) accepted.remember("user" + std::to_string(i), "h", "p");
    CHECK_FALSE(accepted.knows("a", "h", "p"));
    CHECK(accepted.knows("user0", "h", "p"));
    accepted.clear();
    CHECK_FALSE(accepted.knows("user0", "h", "p"));
  }
}

}  // namespace auth_test
