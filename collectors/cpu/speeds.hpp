#pragma once
// How fast the processors run, and who decides it.
#include "collectors/base/page.hpp"

#include <optional>

namespace vitald::cpu {

struct Frequencies {  // in hertz
  Text cpu, governor, available_governors;
  std::optional<std::uint64_t> current, average, minimum, maximum, scaling, scaling_minimum, scaling_maximum;
};

struct Governor {
  Text cpu, governor;
  std::uint64_t chosen = 0;
};

struct Speed {
  Text core, cpu, package;  // core and package only of what /proc/cpuinfo tells
  double hertz = 0;
};

// Whether a list of the kernel ("0-3,5") has the number; an empty list has none.
Result<bool> listed(std::string_view list, std::uint32_t number);

// Every governor that there is, and which is chosen.
void pick_governors(const Frequencies& of, Sheet<Governor>& out);

}  // namespace vitald::cpu
