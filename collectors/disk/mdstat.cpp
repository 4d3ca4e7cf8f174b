// The text of /proc/mdstat (drivers/md/md.c, md_seq_show).
#include "collectors/base/scan.hpp"
#include "collectors/disk/mdadm.hpp"

#include <algorithm>

namespace vitald::disk {
namespace {

constexpr std::string_view source = "/proc/mdstat";
constexpr std::size_t most_rows = 4096;

// The array whose lines are being read.
struct Open {
  Array* row = nullptr;
  bool inactive = false, redundant = false, sized = false;
};

// "md1 : active raid5 sdc1[2] sdb1[1](F) sda1[0]"
Result<void> take_device(std::string_view line, Open& open) {
  auto& row = *open.row;
  row.device = scan::take_word(line);
  if (scan::take_word(line) != ":") return Fault{Parse::unknown_layout, {}};
  const auto state = scan::take_word(line);
  open.inactive = state == "inactive";
  if (!open.inactive && state != "active" && state != "broken") return Fault{Parse::unknown_layout, {}};
  row.active = state == "active";
  row.inactive = open.inactive;
  if (!open.inactive) {
    auto personality = scan::take_word(line);
    if (personality.starts_with('(')) personality = scan::take_word(line);  // "(read-only)"
    if (!scan::plain(personality)) return Fault{Parse::truncated, {}};
    open.redundant = personality != "raid0" && personality != "linear";
  }
  std::uint64_t members = 0;
  for (auto member = scan::take_word(line); !member.empty(); member = scan::take_word(line), ++members) {
    if (member.find('[') == member.npos) return Fault{Parse::unknown_layout, {}};
    row.disks_failed += member.find("(F)") != member.npos;
    row.disks_spare += member.find("(S)") != member.npos;
  }
  if (!open.inactive && !open.redundant) row.disks_active = row.disks_required = members;
  return {};
}

// "[4/3]", and behind it "[UUU_]"
bool take_disks(std::string_view& line, Array& row) {
  for (auto word = scan::take_word(line); !word.empty(); word = scan::take_word(line)) {
    if (!word.starts_with('[')) continue;
    word.remove_prefix(1);
    if (!scan::number(scan::take_until(word, '/'), row.disks_required)) return false;
    if (!word.ends_with(']') || !scan::number(word.substr(0, word.size() - 1), row.disks_active)) return false;
    const auto each = scan::take_word(line);
    return each.size() > 2 && each.starts_with('[') && each.find_first_not_of("U_", 1) == each.size() - 1 &&
           each.ends_with(']');
  }
  return false;
}

// "      8790400512 blocks super 1.2 level 5, 512k chunk, algorithm 2 [4/3] [UUU_]"
Result<void> take_status(std::string_view line, Open& open) {
  auto& row = *open.row;
  open.sized = true;
  const auto word = scan::take_word(line);
  if (word == "super" && open.inactive) return {};  // it has no disks yet
  std::uint64_t blocks = 0;
  if (!scan::number(word, blocks)) return Fault{Parse::not_a_number, {}};
  row.blocks = row.blocks_synced = blocks;
  if (scan::take_word(line) != "blocks") return Fault{Parse::unknown_layout, {}};
  if (open.redundant && !take_disks(line, row)) return Fault{Parse::unknown_layout, {}};
  return {};
}

// "      [=>...]  recovery =  8.5% (249061326/2930133504) finish=217.0min …", or "      \tresync=PENDING"
Result<void> take_progress(std::string_view line, Array& row) {
  const auto first = scan::take_word(line);
  const bool runs = first.starts_with('[');
  const bool waits = first.starts_with("resync=");
  if (!runs && !waits) return {};  // "bitmap: …", and what newer kernels may add
  const auto kind = runs ? scan::take_word(line) : "resync";
  row.recovering = kind.find("recovery") != kind.npos;
  row.resync = kind.find("resync") != kind.npos;
  row.check = kind.find("check") != kind.npos;
  if (row.recovering || row.resync || row.check || kind.find("reshape") != kind.npos) row.active = 0;
  row.blocks_synced.reset();
  if (first == "resync=PENDING" || first == "resync=DELAYED") row.blocks_synced = 0;
  if (waits) return {};  // "resync=REMOTE": another node does it, and how far it is is not told
  for (auto word = scan::take_word(line); !word.empty(); word = scan::take_word(line)) {
    if (!word.starts_with('(')) continue;
    std::uint64_t done = 0;
    const auto slash = word.find('/');
    if (slash == word.npos || !scan::number(word.substr(1, slash - 1), done)) break;
    row.blocks_synced = done;
    return {};
  }
  return Fault{Parse::not_a_number, {}};
}

Result<void> begin(std::string_view line, Open& open, Sheet<Array>& out) {
  const auto before = out.view().size();
  if (before >= most_rows) return Fault{Parse::too_large, {}};
  open = {&out.next()};
  if (const auto done = take_device(line, open); !done) return done;
  const auto same = [&](const Array& row) { return row.device == open.row->device.view(); };
  if (std::ranges::any_of(out.view().first(before), same)) return Fault{Parse::unknown_layout, {}};
  return {};
}

Result<void> take_line(std::string_view line, Open& open, Sheet<Array>& out) {
  const bool blank = line.find_first_not_of(" \t") == line.npos;
  if (open.row && (blank || !scan::blank(line.front()))) {  // the array's end
    if (!open.sized && !open.inactive) return Fault{Parse::truncated, {}};
    open.row = nullptr;
  }
  if (open.row) return open.sized ? take_progress(line, *open.row) : take_status(line, open);
  if (blank || line.starts_with("unused devices:")) return {};
  return begin(line, open, out);
}

}  // namespace

Result<void> parse_mdstat(std::string_view text, Sheet<Array>& out) {
  if (text.empty()) return Fault{Parse::empty, source};
  Open open;
  std::string_view line;
  for (std::size_t number = 1; !text.empty(); ++number) {
    if (!scan::take_whole_line(text, line)) return Fault{Parse::truncated, source, number};
    if (number == 1) {
      if (!line.starts_with("Personalities :")) return Fault{Parse::unknown_layout, source, number};
      continue;
    }
    if (const auto done = take_line(line, open, out); !done) return Fault{done.error().code, source, number};
  }
  if (open.row) return Fault{Parse::truncated, source};
  return {};
}

}  // namespace vitald::disk
