// Packets that each processor took from the network cards, from /proc/net/softnet_stat.
#include "collectors/network/softnet.hpp"

#include "collectors/base/collector.hpp"
#include "collectors/base/digits.hpp"
#include "collectors/base/kernel_file.hpp"

namespace vitald::network {
namespace {

// Old kernels have 9 to 11 columns; the twelfth and the processor's number came together, and more later.
constexpr std::size_t fewest_columns = 9, used_columns = 13;

}  // namespace

// ---- parse: text -> rows

Result<void> parse_softnet(std::string_view text, Sheet<SoftnetCounts>& out) {
  constexpr std::string_view source = "net/softnet_stat";
  if (text.empty()) return Fault{Parse::empty, source};
  std::int64_t last = -1;  // the kernel lists its processors in their order
  for (std::uint32_t line = 1; !text.empty(); ++line) {
    std::string_view rest;
    if (!scan::take_whole_line(text, rest)) return Fault{Parse::truncated, source, line};
    std::uint32_t columns[used_columns] = {}, further = 0;
    std::size_t count = 0;
    for (auto word = scan::take_word(rest); !word.empty(); word = scan::take_word(rest), ++count)
      if (!scan::hexadecimal(word, count < used_columns ? columns[count] : further))
        return Fault{Parse::not_a_number, source, line};
    if (count < fewest_columns) return Fault{Parse::truncated, source, line};
    const auto cpu = count < used_columns ? line - 1 : columns[12];
    if (cpu <= last) return Fault{Parse::unknown_layout, source, line};
    last = cpu;
    auto& row = out.next();
    write_number(cpu, row.cpu);
    row.processed = columns[0];
    row.dropped = columns[1];
    row.times_squeezed = columns[2];
    row.cpu_collision = columns[8];
    row.received_rps = columns[9];
    row.flow_limit_count = columns[10];
    row.backlog_len = columns[11];
  }
  return {};
}

// ---- describe: rows -> families, JSON, handbook

namespace {

constexpr Key keys[] = {key<&SoftnetCounts::cpu>("cpu")};
constexpr Column columns[] = {
    gauge<&SoftnetCounts::backlog_len>("softnet_backlog_len", "Packets that wait for this processor."),
    counter<&SoftnetCounts::cpu_collision>("softnet_cpu_collision_total",
                                           "How often another processor held the lock of a device."),
    counter<&SoftnetCounts::dropped>("softnet_dropped_total", "Packets dropped because too many waited."),
    counter<&SoftnetCounts::flow_limit_count>("softnet_flow_limit_count_total",
                                              "How often a flow reached its limit of waiting packets."),
    counter<&SoftnetCounts::processed>("softnet_processed_total", "Packets that this processor has handled."),
    counter<&SoftnetCounts::received_rps>("softnet_received_rps_total",
                                          "How often another processor gave this one packets to handle."),
    counter<&SoftnetCounts::times_squeezed>("softnet_times_squeezed_total",
                                            "How often a turn ended with packets still waiting."),
};
constinit const Table<SoftnetCounts> table{{"softnet", "/proc/net/softnet_stat", keys, columns}};

// ---- read: kernel -> text

class Softnet final : public Collector {
 public:
  explicit Softnet(const Environment& environment) : file_(environment.roots.proc + "/net/softnet_stat") {}
  Result<void> collect(Page& page) override {
    const auto text = file_.read();
    return text ? parse_softnet(*text, page.sheet(table)) : text.error();
  }

 private:
  KernelFile file_;
};

constexpr const Layout* layouts[] = {&table};

}  // namespace

extern constinit const Entry softnet;
constinit const Entry softnet{"softnet", "Packets handled by each processor.", true, Entry::Runs::fast, make<Softnet>,
                              layouts};

}  // namespace vitald::network
