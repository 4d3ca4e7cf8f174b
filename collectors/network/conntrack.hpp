#pragma once
#include "collectors/base/page.hpp"

#include <optional>

namespace vitald::network {

struct Conntrack {  // of all processors
  std::uint64_t entries = 0, limit = 0;
  std::optional<std::uint64_t> found, invalid, ignore, insert, insert_failed, drop, early_drop, search_restart;
};

Result<void> parse_conntrack(std::string_view text, Conntrack& out);  // /proc/net/stat/nf_conntrack

}  // namespace vitald::network
