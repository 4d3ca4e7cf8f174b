#include "http/negotiate.hpp"

#include <doctest/doctest.h>

namespace negotiate_test {

using vitald::http::wants_gzip;
using vitald::http::wants_open_metrics;

TEST_CASE("negotiate: OpenMetrics by Accept, as Prometheus 2 and 3 ask, and others") {
  for (const char* yes :
       {"application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
        "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
        "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
        "text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,"
        "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;q=0.5",
        "application/openmetrics-text", "Application/OpenMetrics-Text; Version=\"1.0.0\"; charset=utf-8",
        "text/plain, application/openmetrics-text", "application/openmetrics-text;q=0.1, text/plain;q=0"})
    CHECK_MESSAGE(wants_open_metrics(yes), yes);
  for (const char* no :
       {"", "*/*", "text/plain", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/*",
        "application/openmetrics-text;version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
        "application/openmetrics-text;version=2.0.0, */*;q=0.1", "application/openmetrics-text;q=0",
        "application/openmetrics-text;q=0.5, text/plain;q=0.6", "application/openmetrics-text;q=0.5, */*;q=0.6",
        "application/openmetrics-text;q=x", "application/openmetrics-text;q=-1", "application/openmetrics-textual",
        "openmetrics-text", ",;,=;q", "application/openmetrics-text;q=2"})
    CHECK_FALSE_MESSAGE(wants_open_metrics(no), no);
}

TEST_CASE("negotiate: who takes text at all") {
  using vitald::http::takes_text;
  for (const char* yes :
       {"*/*;q=0.1", "text/*", "text/plain;version=0.0.4;q=0.3", "application/openmetrics-text, */*;q=0.2"})
    CHECK_MESSAGE(takes_text(yes), yes);
  for (const char* no : {"", "application/openmetrics-text", "text/plain;q=0, */*", "text/plain;version=1.0.0"})
    CHECK_FALSE_MESSAGE(takes_text(no), no);
}

TEST_CASE("negotiate: gzip by Accept-Encoding and its weights") {
  for (const char* yes : {"gzip", "GZIP", "x-gzip", "deflate, gzip;q=1.0, *;q=0.5", "gzip;q=0.1", "*", "br, *;q=0.2",
                          "identity;q=0.5, gzip;q=0.5", " gzip ; q=1 "})
    CHECK_MESSAGE(wants_gzip(yes), yes);
  for (const char* no : {"", "identity", "gzip;q=0", "gzip;q=0.0, *", "br", "*;q=0", "identity, gzip;q=0.5",
                         "gzip;q=nonsense", "gzip;q=2", "notgzip"})
    CHECK_FALSE_MESSAGE(wants_gzip(no), no);
}

}  // namespace negotiate_test
