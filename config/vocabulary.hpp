#pragma once
// Every flag that is understood, of whomever it is.
#include "collectors/base/option.hpp"

#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vitald::config {

// A collector as the command line knows it.
struct Switch {
  std::string_view name, about;
  bool on_by_default;
  std::span<const Option> options = {};
  std::string_view on_with = {};  // the flag that switches it on, too
};

std::string switch_of(std::string_view collector);  // "collector.cpu"

// "cpu" for collector.cpu; empty for what is no collector's switch.
std::string_view collector_of(const Option& option);

class Vocabulary {
 public:
  explicit Vocabulary(std::span<const Switch> collectors);
  Vocabulary(const Vocabulary&) = delete;

  // The daemon's own, then each collector's switch with its options behind it, then the peer's that are not here.
  std::span<const Option> options() const { return options_; }

 private:
  void add(const Option& option);

  std::deque<std::string> names_;  // what the switches' flags point to
  std::vector<Option> options_;
};

}  // namespace vitald::config
