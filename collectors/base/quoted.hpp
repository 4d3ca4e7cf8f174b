#pragma once
// Values quoted as a shell would, in files of settings such as os-release(5).
#include "collectors/base/text.hpp"

#include <string_view>

namespace vitald {

// Without the blanks around it, carriage returns among them.
std::string_view trimmed(std::string_view text);

// No control characters but the tab.
bool printable(std::string_view text);

// Quoted and bare pieces may stand side by side; a '#' outside of quotes begins a comment. False when a quote
// is not closed or a backslash stands where none may.
bool unquoted(std::string_view text, Text& out);

}  // namespace vitald
