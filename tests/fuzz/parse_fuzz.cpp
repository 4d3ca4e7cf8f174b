// libFuzzer: every parser, chosen by the first byte of the input.
//
// Whatever the bytes, a parser neither crashes nor reads past its text (the sanitizers say so), and its rows can be
// written in both encodings: all their texts are good. One kept sheet a parser, as in the daemon.
//   fuzz --seeds FROM TO    makes the first inputs from FROM/<parser>/*, and ends
#include "collectors/base/collector.hpp"
#include "collectors/base/link.hpp"
#include "collectors/base/metrics_text.hpp"
#include "collectors/base/mountinfo.hpp"
#include "collectors/base/scan.hpp"
#include "collectors/base/seen_names.hpp"
#include "collectors/base/uevents.hpp"
#include "collectors/cpu/cpuinfo.hpp"
#include "collectors/cpu/processors.hpp"
#include "collectors/cpu/sysfs.hpp"
#include "collectors/disk/diskstats.hpp"
#include "collectors/disk/udev.hpp"
#include "collectors/filesystem/filefd.hpp"
#include "collectors/filesystem/nfs.hpp"
#include "collectors/filesystem/zfs.hpp"
#include "collectors/kernel/loadavg.hpp"
#include "collectors/kernel/os.hpp"
#include "collectors/kernel/stat.hpp"
#include "collectors/kernel/time.hpp"
#include "collectors/memory/meminfo.hpp"
#include "collectors/memory/vmstat.hpp"
#include "collectors/network/netdev.hpp"
#include "collectors/network/sockstat.hpp"
#include "collectors/process/pressure.hpp"
#include "http/encode/exposition.hpp"
#include "http/encode/json.hpp"
#include "http/negotiate.hpp"
#include "http/request.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace {
using namespace vitald;

// The layout by which a collector describes such rows.
const Layout& layout(std::string_view table) {
  for (const auto* entry : catalog())
    for (const auto* each : entry->layouts)
      if (each->name == table) return *each;
  std::fprintf(stderr, "no collector has the table %.*s\n", static_cast<int>(table.size()), table.data());
  std::abort();
}

void encode_all(const Rows& rows) {
  static Out out;
  static encode::Exposition exposition;
  out.clear();
  exposition.write(rows, out);
  encode::json(rows, out);
}

void tell(const Result<void>& done) {
  if (!done) static_cast<void>(to_string(done.error()));
}

// For the parsers that fill one table's rows from one text.
template <class Row>
Row row_of(Result<void> (*)(std::string_view, Sheet<Row>&));
template <auto Parse>
void rows(std::string_view text, std::string_view table) {
  static Sheet<decltype(row_of(Parse))> sheet{layout(table)};
  sheet.rewind();
  tell(Parse(text, sheet));
  encode_all(sheet.rows());
}

void clocksources(std::string_view text) {  // "available", then "current" after a zero
  static Sheet<kernel::Clocksource> sheet{layout("clocksources")};
  sheet.rewind();
  const auto available = scan::take_until(text, '\0');
  tell(kernel::parse_clocksources(available, text, "0", sheet));
  encode_all(sheet.rows());
}

void cpuinfo(std::string_view text) {
  static Sheet<cpu::Description> processors{layout("cpu_info")};
  static Sheet<cpu::Trait> flags{layout("cpu_flags")};
  static SeenNames every{Filter(Pattern("."))};
  processors.rewind();
  flags.rewind();
  cpu::FirstProcessor first;
  tell(cpu::parse_cpuinfo(text, processors, first));
  cpu::pick_traits(first.flags, every, flags);
  encode_all(processors.rows());
  encode_all(flags.rows());
}

void diskstats(std::string_view text) {
  static const Options options;
  static SeenNames names{Filter(options, "include", "exclude")};
  static Sheet<disk::Disk> sheet{layout("disks")};
  sheet.rewind();
  tell(disk::parse_diskstats(text, names, sheet));
  encode_all(sheet.rows());
}

void udev(std::string_view text) {
  static disk::Udev out;
  disk::parse_udev(text, out);
}

// Of a request the parts that are ours to read: the target's query and what encodings are welcome.
void http_request(std::string_view text) {
  scan::take_until(text, '?');
  static_cast<void>(http::parameters(scan::take_until(text, ' ')));
  constexpr std::string_view header = "Accept-Encoding: ";
  if (const auto at = text.find(header); at != text.npos) text.remove_prefix(at + header.size());
  static_cast<void>(http::wants_gzip(scan::take_until(text, '\r')));
}

void link_message(std::string_view text) {
  const auto link = netlink::parse_link(text);
  if (!link) return tell(link.error());
  static Out out;
  out.clear();
  encode::escaped_label(out, link->name);
  encode::escaped_label(out, link->alias);
}

void meminfo(std::string_view text) {
  static Sheet<memory::Amount> gauges{layout("memory")}, counters{layout("memory_counters")};
  for (auto* more : {static_cast<Sheet<memory::Amount>*>(nullptr), &counters}) {
    gauges.rewind();
    counters.rewind();
    tell(memory::parse_meminfo(text, gauges, more));
    encode_all(gauges.rows());
    encode_all(counters.rows());
  }
}

void metrics_text(std::string_view text) {
  static metrics_text::Document document(4096);
  tell(document.parse(text));
  static Out out;
  out.clear();
  for (const auto& family : document.families()) encode::escaped_label(out, family.help);
  for (const auto& sample : document.samples()) {
    encode::number(out, sample.value);
    for (const auto& label : document.labels(sample)) encode::escaped_label(out, label.value);
  }
}

void mountinfo(std::string_view text) {
  static std::vector<MountLine> table;
  table.clear();
  if (!parse_mountinfo(text, table)) return;
  for (const auto& mount : table) way_is_local(mount.point, table);
}

void net_dev(std::string_view text) {
  static const Options options;
  static SeenNames names{Filter(options, "include", "exclude")};
  static Sheet<network::Traffic> sheet{layout("network")};
  names.begin();
  sheet.rewind();
  tell(network::parse_net_dev(text, names, sheet));
  encode_all(sheet.rows());
}

void os_release(std::string_view text) {
  static kernel::Release release;
  release = {};
  tell(kernel::parse_os_release(text, release));
  static Sheet<kernel::Release> sheet{layout("os")};
  sheet.rewind();
  sheet.next() = release;
  encode_all(sheet.rows());
}

void pressure(std::string_view text) {
  std::optional<double> some, full;
  tell(process::parse_pressure(text, &some, &full));
  tell(process::parse_pressure(text, &some, nullptr));
}

void vmstat(std::string_view text) {
  static memory::Fields fields("^(oom_kill|pgpg|pswp|pg.*fault).*");
  static Sheet<memory::Count> sheet{layout("vmstat")};
  sheet.rewind();
  tell(memory::parse_vmstat(text, fields, sheet));
  encode_all(sheet.rows());
}

void sockstat(std::string_view text) {
  static Sheet<network::SocketCount> sheet{layout("sockstat")};
  for (const auto family : {network::Family::ipv4, network::Family::ipv6}) {
    sheet.rewind();
    tell(network::parse_sockstat(text, family, 4096, sheet));
    encode_all(sheet.rows());
  }
}

// A kstat, whichever it is.
void kstat(std::string_view text) {
  static Sheet<filesystem::Kstat> sheet{layout("zfs_arc")};
  static Sheet<filesystem::DatasetStat> counts{layout("zfs_datasets")};
  static Sheet<filesystem::PoolIo> io{layout("zfs_pool_io")};
  static filesystem::KstatNames names;
  static filesystem::Datasets datasets;
  for (SheetBase* each : std::initializer_list<SheetBase*>{&sheet, &counts, &io}) each->rewind();
  tell(filesystem::parse_kstat(text, names, sheet));
  tell(filesystem::parse_pool_io(text, io.next()));
  datasets.begin();
  tell(datasets.add(text, "pool"));
  tell(datasets.add(text, "another"));
  datasets.fill(counts);
  for (const SheetBase* each : std::initializer_list<const SheetBase*>{&sheet, &counts, &io}) encode_all(each->rows());
}

template <class Totals>
void nfs(std::string_view text,
         Result<void> (*parse)(std::string_view, Sheet<Totals>&, Sheet<filesystem::NfsRequests>&),
         std::string_view table, std::string_view request_table) {
  static Sheet<Totals> totals{layout(table)};
  static Sheet<filesystem::NfsRequests> requests{layout(request_table)};
  totals.rewind();
  requests.rewind();
  tell(parse(text, totals, requests));
  encode_all(totals.rows());
  encode_all(requests.rows());
}

void pool_state(std::string_view text) {
  static Sheet<filesystem::PoolState> sheet{layout("zfs_pools")};
  sheet.rewind();
  tell(filesystem::parse_pool_state(text, sheet.next()));
  encode_all(sheet.rows());
}

struct Target {
  std::string_view name;  // its folder below tests/fuzz/seeds
  void (*parse)(std::string_view text);
};

constexpr Target targets[] = {
    {"clocksources", clocksources},
    {"cpu_list", [](std::string_view text) { rows<cpu::parse_isolated>(text, "cpu_isolated"); }},
    {"cpuinfo", cpuinfo},
    {"diskstats", diskstats},
    {"file_nr", [](std::string_view text) { rows<filesystem::parse_filefd>(text, "filefd"); }},
    {"http_request", http_request},
    {"kstat", kstat},
    {"link_message", link_message},
    {"loadavg", [](std::string_view text) { rows<kernel::parse_loadavg>(text, "load"); }},
    {"meminfo", meminfo},
    {"metrics_text", metrics_text},
    {"mountinfo", mountinfo},
    {"net_dev", net_dev},
    {"nfs", [](std::string_view text) { nfs(text, filesystem::parse_nfs, "nfs", "nfs_requests"); }},
    {"nfsd", [](std::string_view text) { nfs(text, filesystem::parse_nfsd, "nfsd", "nfsd_requests"); }},
    {"os_release", os_release},
    {"pool_state", pool_state},
    {"pressure", pressure},
    {"processors", [](std::string_view text) { rows<cpu::parse_processors>(text, "cpu"); }},
    {"sockstat", sockstat},
    {"softirqs", [](std::string_view text) { rows<kernel::parse_softirqs>(text, "softirqs"); }},
    {"stat", [](std::string_view text) { rows<kernel::parse_stat>(text, "stat"); }},
    {"udev", udev},
    {"uevent", [](std::string_view text) { static_cast<void>(subsystem_of_uevent(text)); }},
    {"vmstat", vmstat},
};

namespace fs = std::filesystem;

int write_seeds(const fs::path& from, const fs::path& into) {
  fs::create_directories(into);
  for (std::size_t i = 0; i < std::size(targets); ++i) {
    const auto folder = from / targets[i].name;
    if (!fs::is_directory(folder)) {
      std::fprintf(stderr, "no seeds for a parser: %s\n", folder.c_str());
      return 1;
    }
    for (const auto& seed : fs::directory_iterator(folder)) {
      std::ifstream in(seed.path(), std::ios::binary);
      std::ofstream out(into / (std::string(targets[i].name) + "-" + seed.path().filename().string()),
                        std::ios::binary);
      out << static_cast<char>(i) << in.rdbuf();
    }
  }
  return 0;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  if (*count == 4 && std::string_view((*arguments)[1]) == "--seeds")
    std::exit(write_seeds((*arguments)[2], (*arguments)[3]));
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const auto& target = targets[bytes[0] % std::size(targets)];
  target.parse({reinterpret_cast<const char*>(bytes) + 1, size - 1});
  return 0;
}
