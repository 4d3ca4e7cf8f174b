#pragma once
// The flags of node_exporter's collectors, for command lines that name a collector which is not here yet.
#include "collectors/base/option.hpp"

#include <span>

namespace vitald::config {

std::span<const Option> peer_flags();

}  // namespace vitald::config
