#pragma once
// Which of the things that we have a client wants (RFC 9110, section 12).
#include <string_view>

namespace vitald::http {

// Whether gzip is welcome, and at least as welcome as no coding at all.
bool wants_gzip(std::string_view accept_encoding);

}  // namespace vitald::http
