// SCSI tape drives, from /sys/class/scsi_tape.
#include "collectors/base/devices.hpp"
#include "collectors/base/filter.hpp"

namespace vitald::disk {
namespace {

struct Tape {
  Text device;
  std::uint64_t in_flight = 0, others = 0, read_bytes = 0, reads = 0, residual = 0, writes = 0, written_bytes = 0;
  double io_seconds = 0, read_seconds = 0, write_seconds = 0;
};

// ---- parse: files -> rows

// Multiplied, not divided: the last digits are the peer's.
bool seconds(std::string_view text, double& out) {
  std::uint64_t nanoseconds = 0;
  if (!scan::number(text, nanoseconds)) return false;
  out = static_cast<double>(nanoseconds) * 1e-9;
  return true;
}

constexpr Attribute attributes[] = {
    number<&Tape::in_flight>("stats/in_flight").required(),
    converted<&Tape::io_seconds, seconds>("stats/io_ns").required(),
    number<&Tape::others>("stats/other_cnt").required(),
    number<&Tape::read_bytes>("stats/read_byte_cnt").required(),
    number<&Tape::reads>("stats/read_cnt").required(),
    converted<&Tape::read_seconds, seconds>("stats/read_ns").required(),
    number<&Tape::residual>("stats/resid_cnt").required(),
    number<&Tape::written_bytes>("stats/write_byte_cnt").required(),
    number<&Tape::writes>("stats/write_cnt").required(),
    converted<&Tape::write_seconds, seconds>("stats/write_ns").required(),
};

// ---- describe: rows -> families, JSON, handbook

constexpr Key keys[] = {key<&Tape::device>("device")};
constexpr Column columns[] = {
    gauge<&Tape::in_flight>("tape_io_now", "Requests in flight."),
    counter<&Tape::others>("tape_io_others_total", "Requests completed that neither read nor wrote."),
    counter<&Tape::io_seconds>("tape_io_time_seconds_total", "Time spent by all requests."),
    counter<&Tape::read_bytes>("tape_read_bytes_total", "Bytes read."),
    counter<&Tape::read_seconds>("tape_read_time_seconds_total", "Time spent by all reads."),
    counter<&Tape::reads>("tape_reads_completed_total", "Reads completed."),
    counter<&Tape::residual>("tape_residual_total", "Reads and writes that moved less than they were to."),
    counter<&Tape::write_seconds>("tape_write_time_seconds_total", "Time spent by all writes."),
    counter<&Tape::writes>("tape_writes_completed_total", "Writes completed."),
    counter<&Tape::written_bytes>("tape_written_bytes_total", "Bytes written."),
};
constinit const Table<Tape> table{{"tapes", "/sys/class/scsi_tape", keys, columns}};

// ---- read: kernel -> files

constexpr std::string_view ignored_flag = "collector.tapestats.ignored-devices";

// Each drive stands there under several names, one for each way to use it; only "st0" has the numbers.
auto drives_but(std::string_view ignored) {
  return [pattern = std::make_shared<Pattern>(ignored)](std::string_view name) {
    std::uint32_t number = 0;
    return numbered(name, "st", number) && !pattern->found_in(name);
  };
}

class Tapestats final : public Collector {
 public:
  explicit Tapestats(const Environment& environment)
      : devices_(environment,
                 {.below = "class/scsi_tape",
                  .subsystem = "scsi_tape",
                  .keeps = drives_but(even_if_empty(environment.options.text(ignored_flag)))},
                 &Tape::device, attributes) {}
  Result<void> collect(Page& page) override { return devices_.collect(page.sheet(table)); }

 private:
  Devices<Tape> devices_;
};

constexpr const Layout* layouts[] = {&table};
constexpr Option options[] = {
    {ignored_flag, Option::Kind::regexp, "^$", "Tape drives to leave out."},
};

}  // namespace

extern constinit const Entry tapestats;
constinit const Entry tapestats{"tapestats",
                                "SCSI tape drives.",
                                true,
                                Entry::Runs::fast,
                                make<Tapestats>,
                                layouts,
                                options,
                                "CONFIG_CHR_DEV_ST, and a drive."};

}  // namespace vitald::disk
