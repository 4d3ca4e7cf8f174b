#pragma once
// The settings of a running daemon, as HTTP shows them.
#include "config/command_line.hpp"
#include "http/configuration.hpp"

namespace vitald {

http::Configuration configuration_of(const config::Parsed& parsed, std::span<const Option> vocabulary,
                                     std::uint64_t generation);

}  // namespace vitald
