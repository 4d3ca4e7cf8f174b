// Parse and encode by themselves, without the kernel: what of a scrape is our own work.
#include "collectors/base/page.hpp"
#include "collectors/kernel/loadavg.hpp"
#include "http/encode/exposition.hpp"
#include "http/encode/json.hpp"

#include <benchmark/benchmark.h>

namespace {
using namespace vitald;

// A table as wide as the widest of the kernel's, with as many rows as a large machine has.
struct Device {
  Text name;
  std::uint64_t reads = 0;
  double seconds = 0;
};
constexpr Key keys[] = {key<&Device::name>("device")};
constexpr Column columns[] = {
    counter<&Device::reads>("bench_reads_total", "Reads."),
    counter<&Device::seconds>("bench_read_seconds_total", "Time spent by reads."),
    gauge<&Device::reads>("bench_now", "Reads in flight."),
};
constinit const Table<Device> table{{"bench", "nowhere", keys, columns}};

Sheet<Device> devices(std::int64_t count) {
  Sheet<Device> sheet(table);
  for (std::int64_t i = 0; i < count; ++i) {
    auto& row = sheet.next();
    row.name = "nvme" + std::to_string(i) + "n1";
    row.reads = 25'354'637u * static_cast<std::uint64_t>(i + 1);
    row.seconds = static_cast<double>(row.reads) * 0.001;
  }
  return sheet;
}

void parse_loadavg(benchmark::State& state) {
  const Layout bare{};
  Sheet<kernel::Load> sheet(bare);
  for (auto _ : state) {
    sheet.rewind();
    benchmark::DoNotOptimize(kernel::parse_loadavg("0.52 0.48 0.31 1/105 6000\n", sheet));
  }
}
BENCHMARK(parse_loadavg);

void encode_text(benchmark::State& state) {
  const auto sheet = devices(state.range(0));
  Out out;
  encode::Exposition exposition;
  for (auto _ : state) {
    out.clear();
    exposition.write(sheet.rows(), out);
    benchmark::DoNotOptimize(out.view().data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0) * std::ssize(columns));
}
BENCHMARK(encode_text)->Arg(4)->Arg(256);

void encode_json(benchmark::State& state) {
  const auto sheet = devices(state.range(0));
  Out out;
  for (auto _ : state) {
    out.clear();
    encode::json(sheet.rows(), out);
    benchmark::DoNotOptimize(out.view().data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0) * std::ssize(columns));
}
BENCHMARK(encode_json)->Arg(4)->Arg(256);

}  // namespace
