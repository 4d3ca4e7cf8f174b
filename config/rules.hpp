#pragma once
// What the given values must be, alone and beside each other.
#include "config/command_line.hpp"

namespace vitald::config {

// Empty, or what is wrong with the value.
std::string fault_of_value(const Option& option, std::string_view value);

// Checks what was given and puts it into the options, errors and warnings of `out`.
void settle(std::span<const Given> given, std::span<const Option> options, Parsed& out);

}  // namespace vitald::config
