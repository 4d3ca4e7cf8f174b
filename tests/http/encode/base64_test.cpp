#include "http/encode/base64.hpp"

#include <doctest/doctest.h>

namespace base64_test {

using namespace vitald;

TEST_SUITE("http/encode/base64") {
  TEST_CASE("base64, as RFC 4648 tests it") {
    CHECK(encode::base64("") == "");
    CHECK(encode::base64("f") == "Zg==");
    CHECK(encode::base64("fo") == "Zm8=");
    CHECK(encode::base64("foo") == "Zm9v");
    CHECK(encode::base64("foobar") == "Zm9vYmFy");
    CHECK(encode::base64("\xff\xfe\xfd") == "//79");
  }
}

}  // namespace base64_test
