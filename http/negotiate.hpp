#pragma once
// Which of the things that we have a client wants (RFC 9110, section 12).
#include <string_view>

namespace vitald::http {

// Whether OpenMetrics 1.0.0 is named, and at least as welcome as Prometheus's text format 0.0.4.
bool wants_open_metrics(std::string_view accept);

// Whether Prometheus's text format 0.0.4 is welcome at all.
bool takes_text(std::string_view accept);

// Whether gzip is welcome, and at least as welcome as no coding at all.
bool wants_gzip(std::string_view accept_encoding);

}  // namespace vitald::http
