// The text of /proc/diskstats.
#include "collectors/base/scan.hpp"
#include "collectors/disk/diskstats.hpp"

#include <array>
#include <limits>

namespace vitald::disk {
namespace {

constexpr std::string_view source = "/proc/diskstats";
constexpr std::size_t most_rows = 16384;  // some 10 MiB of memory

struct Line {
  std::string_view major, minor, name;
  std::array<std::uint64_t, 17> numbers{};
  std::size_t count = 0;
  bool of_old_partition() const { return count == 4; }  // before Linux 2.6.25, with other numbers
};

// Numbers in the kernel's order: columns 4 to 14 always, to 18 since 4.18, to 20 since 5.5; newer ones are not for us.
// LXCFS writes 17: of the discards it leaves out the first, so those are not what they seem.
Result<void> take(std::string_view rest, std::size_t number_of_line, Line& line) {
  std::uint32_t major = 0, minor = 0;
  line.major = scan::take_word(rest);
  line.minor = scan::take_word(rest);
  line.name = scan::take_word(rest);
  if (!scan::number(line.major, major) || !scan::number(line.minor, minor))
    return Fault{Parse::not_a_number, source, number_of_line};
  while (line.count < line.numbers.size()) {
    const auto word = scan::take_word(rest);
    if (word.empty()) break;
    if (!scan::number(word, line.numbers[line.count++])) return Fault{Parse::not_a_number, source, number_of_line};
  }
  if (line.of_old_partition()) return {};
  if (line.count < 11) return Fault{Parse::truncated, source, number_of_line};
  constexpr auto most_sectors = std::numeric_limits<std::uint64_t>::max() / 512;
  if (line.numbers[2] > most_sectors || line.numbers[6] > most_sectors)
    return Fault{Parse::not_a_number, source, number_of_line};
  return {};
}

// Multiplied, not divided: the last digits are the peer's.
double seconds(std::uint64_t milliseconds) { return static_cast<double>(milliseconds) * 0.001; }

void fill(const Line& line, Disk& row) {
  const auto& n = line.numbers;
  row.device = line.name;
  row.major = line.major;
  row.minor = line.minor;
  row.reads = n[0];
  row.reads_merged = n[1];
  row.read_bytes = n[2] * 512;  // a sector is 512 bytes here, whatever the device has
  row.read_seconds = seconds(n[3]);
  row.writes = n[4];
  row.writes_merged = n[5];
  row.written_bytes = n[6] * 512;
  row.write_seconds = seconds(n[7]);
  row.in_flight = n[8];
  row.io_seconds = seconds(n[9]);
  row.weighted_seconds = seconds(n[10]);
  if (line.count < 15) return;
  row.discards = n[11];
  row.discards_merged = n[12];
  row.discarded_sectors = n[13];
  row.discard_seconds = seconds(n[14]);
  if (line.count < 17) return;
  row.flushes = n[15];
  row.flush_seconds = seconds(n[16]);
}

}  // namespace

Result<void> parse_diskstats(std::string_view text, SeenNames& names, Sheet<Disk>& out) {
  names.begin();
  std::size_t number = 1;
  for (std::string_view rest; !text.empty(); ++number) {
    if (!scan::take_whole_line(text, rest)) return Fault{Parse::truncated, source, number};
    Line line;
    if (const auto taken = take(rest, number, line); !taken) return taken;
    if (line.of_old_partition() || !names.keeps(line.name)) continue;
    if (out.view().size() >= most_rows) return Fault{Parse::too_large, source, number};
    fill(line, out.next());
  }
  return {};
}

}  // namespace vitald::disk
