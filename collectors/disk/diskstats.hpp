#pragma once
#include "collectors/base/page.hpp"
#include "collectors/base/seen_names.hpp"

namespace vitald::disk {

struct Disk {
  Text device, major, minor;
  Text model, path, revision, rotational, serial, wwn;
  std::optional<double> ata_rotation_rate, ata_write_cache, ata_write_cache_enabled;
  std::uint64_t reads = 0, reads_merged = 0, read_bytes = 0, writes = 0, writes_merged = 0, written_bytes = 0;
  std::uint64_t in_flight = 0;
  double read_seconds = 0, write_seconds = 0, io_seconds = 0, weighted_seconds = 0;
  std::optional<std::uint64_t> discards, discards_merged, discarded_sectors;  // kernel 4.18 and newer
  std::optional<double> discard_seconds;
  std::optional<std::uint64_t> flushes;  // kernel 5.5 and newer
  std::optional<double> flush_seconds;
};

// The devices whose names are kept. Of two with one name the first stands.
Result<void> parse_diskstats(std::string_view text, SeenNames& names, Sheet<Disk>& out);

}  // namespace vitald::disk
