#pragma once
// Asks a filter about a name only when the name is new, and tells repeated names within one reading.
#include "collectors/base/filter.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace vitald {

class SeenNames {
 public:
  explicit SeenNames(Filter filter) : filter_(std::move(filter)) {}

  // A reading starts. Names that went away are forgotten once they outnumber those that are there.
  void begin() {
    if (known_.size() > 2 * seen_ + 64)
      std::erase_if(known_, [&](const auto& each) { return each.second.seen != now_; });
    ++now_;
    seen_ = 0;
  }
  // Whether the filter keeps the name, the first time that it comes in a reading; false from then on.
  bool keeps(std::string_view name) {
    auto at = known_.find(name);
    if (at == known_.end()) at = known_.emplace(name, Verdict{filter_.keeps(name), 0}).first;
    if (at->second.seen == now_) return false;
    at->second.seen = now_;
    ++seen_;
    return at->second.keep;
  }
  std::size_t size() const { return known_.size(); }

 private:
  struct Verdict {
    bool keep;
    std::uint64_t seen;  // the last reading that it was in
  };
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  Filter filter_;
  std::unordered_map<std::string, Verdict, Hash, std::equal_to<>> known_;
  std::uint64_t now_ = 0;
  std::size_t seen_ = 0;
};

}  // namespace vitald
