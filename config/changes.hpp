#pragma once
// What another load of the settings has changed, and what of it a running daemon can take.
#include "collectors/base/option.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace vitald::config {

struct Change {
  const Option* option;
  std::vector<std::string> before, after;
  bool needs_restart() const { return !option->reload; }
};

// In the options' order. Also told is a collector's setting that has the same value but is now given, or no longer: an
// include expression reads differently then.
std::vector<Change> changes(const Options& before, const Options& after, std::span<const Option> options);

}  // namespace vitald::config
