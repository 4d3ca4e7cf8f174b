#pragma once
// What one collector lacks here, and what would give it.
#include "daemon/check/identity.hpp"
#include "http/readings.hpp"

namespace vitald::check {

struct Told {
  std::string name{};
  State state = State::ok;
  std::string why{};                   // the fault in words
  std::string needs{};                 // what it says itself, where that matters here
  std::vector<std::string> missing{};  // capabilities
  std::vector<std::string> unit{};     // lines of the unit that would give it
  bool fault = false;                  // it could tell more here, and was asked to; not so where hardware is missing
};

Told advise(const http::Reading& reading, const Identity& who);

// The lines of a unit: capabilities in one line each, nothing twice.
std::vector<std::string> unit_lines(const std::vector<std::string>& capabilities,
                                    const std::vector<std::string>& others);

}  // namespace vitald::check
