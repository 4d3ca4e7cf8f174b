#pragma once
// The settings of a running daemon, as HTTP shows them.
#include "config/command_line.hpp"
#include "http/configuration.hpp"

namespace vitald {

// What is kept of a load to tell it by, beside the options.
struct Loaded {
  std::span<const Option> vocabulary;  // every option there is
  std::vector<std::string> files;
  config::Places from_files;
  std::uint64_t generation = 1;
};

http::Configuration configuration_of(const Options& options, const Loaded& loaded);

}  // namespace vitald
