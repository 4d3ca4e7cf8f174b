#include "http/negotiate.hpp"

#include <doctest/doctest.h>

using vitald::http::wants_gzip;

TEST_CASE("negotiate: gzip by Accept-Encoding and its weights") {
  for (const char* yes : {"gzip", "GZIP", "x-gzip", "deflate, gzip;q=1.0, *;q=0.5", "gzip;q=0.1", "*", "br, *;q=0.2",
                          "identity;q=0.5, gzip;q=0.5", " gzip ; q=1 "})
    CHECK_MESSAGE(wants_gzip(yes), yes);
  for (const char* no : {"", "identity", "gzip;q=0", "gzip;q=0.0, *", "br", "*;q=0", "identity, gzip;q=0.5",
                         "gzip;q=nonsense", "gzip;q=2", "notgzip"})
    CHECK_FALSE_MESSAGE(wants_gzip(no), no);
}
