#pragma once
#include "collectors/base/page.hpp"

namespace vitald::memory {

struct Amount {
  Text name;  // as the family ends: "Active_anon_bytes", "HugePages_Free"
  std::uint64_t value = 0;
};

// proc_meminfo(5). Without `counters` only the names that the peer knows are kept; with it all are, and those that
// end in _total go there.
Result<void> parse_meminfo(std::string_view text, Sheet<Amount>& gauges, Sheet<Amount>* counters);

}  // namespace vitald::memory
