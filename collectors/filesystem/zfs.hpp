#pragma once
// ZFS's counters, kstats: files below /proc/spl/kstat/zfs, most with a row "name type value" a counter.
#include "collectors/base/numbered_lines.hpp"
#include "collectors/base/page.hpp"

namespace vitald::filesystem {

struct Kstat {
  Text name;
  Value value;
};

// What a file's names make of families. The rows stay the same until the module is loaded anew, so each is judged once
// and remembered by its position.
class KstatNames {
 public:
  // Good until the next call. Empty: no name that ZFS would give, or one that came before.
  std::string_view family(std::size_t position, std::string_view name);

 private:
  struct Known {
    Text name, family;
  };
  std::vector<Known> known_;
};

// The rows that are 64-bit numbers.
Result<void> parse_kstat(std::string_view text, KstatNames& names, Sheet<Kstat>& out);

struct PoolState {
  Text pool;
  std::uint64_t degraded = 0, faulted = 0, offline = 0, online = 0, removed = 0, suspended = 0, unavail = 0;
};
Result<void> parse_pool_state(std::string_view text, PoolState& out);  // of POOL/state: "ONLINE"

struct PoolIo : Numbers<12> {
  Text pool;
};
Result<void> parse_pool_io(std::string_view text, PoolIo& out);  // of POOL/io

struct DatasetStat {
  Text name, dataset, pool;
  Value value;
};

// The files POOL/objset-*, gathered, because a family's rows stand together. Of two that name the same dataset (one was
// renamed) the first is taken.
class Datasets {
 public:
  void begin();
  Result<void> add(std::string_view text, std::string_view pool);
  void fill(Sheet<DatasetStat>& out);

 private:
  struct Dataset {
    Text name, pool;
    bool repeated = false;
  };
  struct Number {
    std::uint32_t name = 0, dataset = 0;
    Value value;
  };
  std::uint32_t index_of(std::string_view name, std::uint32_t expected);
  void mark_repeated();

  std::vector<Text> names_;
  std::vector<Dataset> datasets_;
  std::size_t names_used_ = 0, used_ = 0;
  std::vector<Number> numbers_;
  std::vector<std::uint32_t> order_;
};

}  // namespace vitald::filesystem
