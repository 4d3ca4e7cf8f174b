#pragma once
// The lines of a head, and what the first one says.
#include "http/head.hpp"

namespace vitald::http {

Status read_first_line(std::string_view line, Head& out);

// The next line without its CRLF.
std::string_view take_line(std::string_view& text);
// One empty line may come first.
std::string_view without_leading_line(std::string_view text);

}  // namespace vitald::http
