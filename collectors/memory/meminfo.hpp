#pragma once
#include "collectors/base/known_lines.hpp"
#include "collectors/base/page.hpp"

namespace vitald::memory {

struct Amount {
  Text name;  // as the family ends: "Active_anon_bytes", "HugePages_Free"
  std::uint64_t value = 0;
};

// Whether the peer shows "MemFree_bytes" unless told to show all.
bool shown_by_default(std::string_view name);

// What the lines mean, remembered. Without `all` only the names that the peer knows are shown.
class Amounts {
 public:
  struct Meaning {
    Text name;
    std::uint64_t unit;   // bytes, or 1
    bool shown, counted;  // counted: among the counters
  };
  using Lines = KnownLines<Meaning>;

  explicit Amounts(bool all) : all_(all) {}
  void begin() { lines_.begin(); }
  // Steps over the next line, and reads its value. A fault leaves the rest of the text unread.
  Result<const Meaning*> take(std::string_view& text, std::uint64_t& value);

 private:
  Result<const Meaning*> learn(std::string_view line, std::uint64_t& value);

  bool all_;
  Lines lines_;
  const Meaning passed_by_{{}, 1, false, false};  // of lines beyond those that are remembered, and impossible amounts
};

// proc_meminfo(5). Names that end in _total go to `counters`, where all are shown. There is no row for a key that no
// metric can be named after, nor for 2^64 bytes and more.
Result<void> parse_meminfo(std::string_view text, Amounts& amounts, Sheet<Amount>& gauges, Sheet<Amount>* counters);

}  // namespace vitald::memory
