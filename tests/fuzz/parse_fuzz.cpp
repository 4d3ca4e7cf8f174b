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
#include "collectors/cpu/schedstat.hpp"
#include "collectors/cpu/speeds.hpp"
#include "collectors/cpu/sysfs.hpp"
#include "collectors/disk/bcache_text.hpp"
#include "collectors/disk/diskstats.hpp"
#include "collectors/disk/mdadm.hpp"
#include "collectors/disk/udev.hpp"
#include "collectors/filesystem/bcachefs_text.hpp"
#include "collectors/filesystem/btrfs.hpp"
#include "collectors/filesystem/filefd.hpp"
#include "collectors/filesystem/nfs.hpp"
#include "collectors/filesystem/xfs.hpp"
#include "collectors/filesystem/zfs.hpp"
#include "collectors/hardware/dmi.hpp"
#include "collectors/hardware/edac.hpp"
#include "collectors/hardware/hwmon_names.hpp"
#include "collectors/hardware/hwmon_plan.hpp"
#include "collectors/hardware/rapl.hpp"
#include "collectors/kernel/loadavg.hpp"
#include "collectors/kernel/os.hpp"
#include "collectors/kernel/selinux.hpp"
#include "collectors/kernel/stat.hpp"
#include "collectors/kernel/time.hpp"
#include "collectors/memory/meminfo.hpp"
#include "collectors/memory/vmstat.hpp"
#include "collectors/network/arp.hpp"
#include "collectors/network/bonding.hpp"
#include "collectors/network/conntrack.hpp"
#include "collectors/network/fibrechannel.hpp"
#include "collectors/network/infiniband_port.hpp"
#include "collectors/network/interface.hpp"
#include "collectors/network/ipvs.hpp"
#include "collectors/network/link_events.hpp"
#include "collectors/network/link_modes.hpp"
#include "collectors/network/netdev.hpp"
#include "collectors/network/netstat.hpp"
#include "collectors/network/sockstat.hpp"
#include "collectors/network/softnet.hpp"
#include "collectors/network/udp_queues.hpp"
#include "collectors/process/facts.hpp"
#include "collectors/process/matcher.hpp"
#include "collectors/process/part_texts.hpp"
#include "collectors/process/pressure.hpp"
#include "collectors/process/secrets.hpp"
#include "collectors/process/sockets.hpp"
#include "collectors/process/system_facts.hpp"
#include "collectors/process/texts.hpp"
#include "collectors/watch/backlog.hpp"
#include "collectors/watch/polled_tree.hpp"
#include "config/file/group_file.hpp"
#include "config/file/keys.hpp"
#include "config/web/web_config.hpp"
#include "daemon/diff/promql.hpp"
#include "daemon/diff/url.hpp"
#include "http/access.hpp"
#include "http/auth/basic.hpp"
#include "http/body.hpp"
#include "http/encode/exposition.hpp"
#include "http/encode/foreign_open_metrics.hpp"
#include "http/encode/json.hpp"
#include "http/head.hpp"
#include "http/negotiate.hpp"
#include "http/request.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <tuple>

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
  static encode::Exposition exposition, open_metrics{encode::Format::open_metrics};
  out.clear();
  exposition.write(rows, out);
  static Encoded kept;
  for (int round = 0; round < 2; ++round) {  // the second time it is brought up to date
    kept.rewind();
    exposition.write(rows, kept, 0);
    kept.made = true;
    if (kept.text.view() != out.view()) std::abort();
  }
  open_metrics.write(rows, out);
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

void bcache(std::string_view text) {
  std::int64_t size = 0;
  disk::parse_signed_human(text, size);
  disk::Writeback writeback;
  tell(disk::parse_writeback(text, writeback));
  disk::Priorities priorities;
  tell(disk::parse_priorities(text, priorities));
}

// All that bcachefs writes, from the same text.
void bcachefs(std::string_view text) {
  const auto one = [&](auto& sheet, auto&&... parse) {
    sheet.rewind();
    (tell(parse(sheet)), ...);
    encode_all(sheet.rows());
  };
  static Sheet<filesystem::Compression> compression{layout("bcachefs_compression")};
  static Sheet<filesystem::BtreeWrites> writes{layout("bcachefs_btree_writes")};
  static Sheet<filesystem::ErrorCount> errors{layout("bcachefs_errors")};
  static Sheet<filesystem::Transfer> transfers{layout("bcachefs_io")};
  static Sheet<filesystem::DeviceErrors> device_errors{layout("bcachefs_io_errors")};
  one(compression, [&](auto& sheet) { return filesystem::parse_compression(text, "u", sheet); });
  one(writes, [&](auto& sheet) { return filesystem::parse_btree_writes(text, "u", sheet); });
  one(errors, [&](auto& sheet) { return filesystem::parse_errors(text, "u", sheet); });
  one(transfers, [&](auto& sheet) { return filesystem::parse_io_done(text, "0", "u", sheet); });
  one(device_errors, [&](auto& sheet) { return filesystem::parse_io_errors(text, "0", "u", sheet); });
  std::uint64_t counter = 0;
  tell(filesystem::parse_counter(text, counter));
}

void btrfs_commits(std::string_view text) {
  filesystem::Commits commits;
  tell(filesystem::parse_commit_stats(text, commits));
}

// Names that the firmware, drivers and the kernel chose.
void names(std::string_view text) {
  OptionalText firmware;
  hardware::parse_dmi(text, firmware);
  Text made;
  hardware::parse_dimm_label(text, made);
  hardware::family_of_zone(hardware::parse_zone_name(text).name, made);
  filesystem::family_of_counter(text, made);
}

void arp(std::string_view text) {
  static SeenNames every{Filter(Pattern("."))};
  static std::vector<std::string_view> names;
  static Sheet<network::Neighbours> sheet{layout("arp")};
  sheet.rewind();
  tell(network::parse_arp(text, names, every, sheet));
  encode_all(sheet.rows());
  static_cast<void>(network::parse_neighbour(text));
}

// A chip's device, its name, and files with what they say; two such chips.
void hwmon(std::string_view text) {
  static const Filter every{Pattern(".")};
  hardware::ChipFiles chip;
  chip.folder = "hwmon0";
  chip.device = scan::take_line(text);
  chip.name = scan::take_line(text);
  for (double number = 0; !text.empty();) {
    auto line = scan::take_line(text);
    static_cast<void>(hardware::parse_sensor(line, number));
    auto& file = chip.files.emplace_back();
    file.path = scan::take_word(line);
    file.label = line;
  }
  const hardware::ChipFiles chips[] = {chip, chip};
  const auto plan = hardware::plan_of(chips, every, every);
  std::set<std::tuple<std::string, std::string, std::string>> series;
  for (const auto& each : plan.readings)
    if (each.place > 1 || each.file >= chip.files.size() ||
        !series.insert({each.family, each.chip, each.sensor}).second)
      std::abort();
}

void bonds(std::string_view text) {
  static_cast<void>(network::parse_interfaces(text));
  static_cast<void>(network::parse_link_status(text));
}

void clocksources(std::string_view text) {  // "available", then "current" after a zero
  static Sheet<kernel::Clocksource> sheet{layout("clocksources")};
  sheet.rewind();
  const auto available = scan::take_until(text, '\0');
  tell(kernel::parse_clocksources(available, text, "0", sheet));
  encode_all(sheet.rows());
}

// Each attribute of an interface's, a port's or a FibreChannel host's folder.
void net_attributes(std::string_view text) {
  network::Number number;
  static Text word;
  network::parse_speed(text, number);
  network::parse_hexadecimal(text, number);
  network::parse_word(text, word);
  static network::Port port;
  for (const auto& attribute : network::port_attributes()) attribute.store(attribute, text, &port);
  std::uint64_t counter = 0;
  network::parse_fc_counter(text, counter);
  network::without_0x(text);
}

void ethtool_message(std::string_view text) {
  static_cast<void>(network::parse_link_mode(text));
  static_cast<void>(network::parse_family(text));
  network::changed_link(text);
}

void cpuinfo(std::string_view text) {
  static Sheet<cpu::Description> processors{layout("cpu_info")};
  static Sheet<cpu::Trait> flags{layout("cpu_flags")};
  static SeenNames every{Filter(Pattern("."))};
  for (const auto architecture : {cpu::Architecture::x86, cpu::Architecture::arm, cpu::Architecture::s390x,
                                  cpu::Architecture::ppc, cpu::Architecture::riscv}) {
    processors.rewind();
    flags.rewind();
    cpu::FirstProcessor first;
    tell(cpu::parse_cpuinfo(text, processors, first, architecture));
    cpu::pick_traits(first.flags, every, flags);
    encode_all(processors.rows());
    encode_all(flags.rows());
  }
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

// A request as it comes, in one piece and byte by byte: both must judge alike. Then who asks, and what for.
void http_head(std::string_view text) {
  std::size_t seen = 0, slowly = 0;
  const auto whole = http::find_head_end(text, seen, {});
  http::HeadEnd piece;
  for (std::size_t size = 1; size <= text.size() && size <= 4096; ++size) {
    piece = http::find_head_end(text.substr(0, size), slowly, {});
    if (piece.size != 0 || piece.refusal != http::Status::ok) break;
  }
  if (text.size() <= 4096 && piece.size != whole.size && piece.refusal == http::Status::ok) std::abort();
  static_cast<void>(http::guessed_path(text));
  http::Head head;
  if (whole.size == 0 || http::read_head(text.substr(0, whole.size), head) != http::Status::ok) return;
  if (head.chunked && head.has_length) std::abort();
  const auto granted = http::granted({}, head, false, false, {});
  if (granted > http::Class::open) std::abort();  // no loopback, no socket, no password: nothing said helps
  static_cast<void>(http::judge(http::Class::private_, granted, {}, head, {}));
  static_cast<void>(http::decoded(head.path, false));
  static_cast<void>(http::parameters(head.query));
}

// Of a request the parts that are ours to read: the target's query and what encodings are welcome.
void http_request(std::string_view text) {
  http_head(text);
  scan::take_until(text, '?');
  static_cast<void>(http::parameters(scan::take_until(text, ' ')));
  constexpr std::string_view header = "Accept-Encoding: ";
  if (const auto at = text.find(header); at != text.npos) text.remove_prefix(at + header.size());
  static_cast<void>(http::wants_gzip(scan::take_until(text, '\r')));
}

// A body in chunks, in one piece and byte by byte: both must come to the same.
void http_body(std::string_view text) {
  http::Head head;
  head.chunked = true;
  http::BodyParser whole, slowly;
  whole.begin(head, 1024);
  slowly.begin(head, 1024);
  const auto used = whole.take(text);
  std::size_t at = 0;
  for (std::size_t come = 1; come <= text.size() && slowly.fault() == http::Status::ok && !slowly.whole(); ++come)
    at += slowly.take(text.substr(at, come - at));
  if (whole.content().size() > 1024 || used > text.size()) std::abort();
  if (whole.fault() != slowly.fault() || whole.whole() != slowly.whole()) std::abort();
  if (whole.whole() && (at != used || whole.content() != slowly.content())) std::abort();
}

void link_message(std::string_view text) {
  static netlink::Link link;
  if (const auto parsed = netlink::parse_link(text, link); !parsed) return tell(parsed);
  static Out out;
  out.clear();
  for (const auto* each : {&link.name, &link.alias, &link.other_names}) encode::escaped_label(out, each->view());
  static network::Interface row;
  network::fill_as_files(link, row);
  network::fill_as_message(link, row);
}

void meminfo(std::string_view text) {
  static Sheet<memory::Amount> gauges{layout("memory")}, counters{layout("memory_counters")};
  static memory::Amounts some(false), all(true);
  for (auto* amounts : {&some, &all}) {
    gauges.rewind();
    counters.rewind();
    tell(memory::parse_meminfo(text, *amounts, gauges, amounts == &all ? &counters : nullptr));
    encode_all(gauges.rows());
    encode_all(counters.rows());
  }
}

// What a file says, in the strict format.
void open_metrics(const metrics_text::Document& document) {
  std::vector<std::vector<Foreign::Sample>> samples(document.families().size());
  for (const auto& sample : document.samples())
    samples[sample.family].push_back({sample.name, document.labels(sample), sample.value});
  Foreign foreign;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto& family = document.families()[i];
    if (!samples[i].empty())
      foreign.families.push_back(
          {family.name, family.kind, std::string(family.help), {std::span<const Foreign::Sample>(samples[i])}});
  }
  encode::make_open_metrics(foreign, [](std::string_view) { return false; });
}

void metrics_text(std::string_view text) {
  static metrics_text::Document document(4096);
  tell(document.parse(text));
  open_metrics(document);
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

// All that is read of a process, from the same text.
void process_texts(std::string_view text) {
  process::Stat stat;
  process::Status status;
  process::Io io;
  process::Proportional memory;
  std::optional<std::uint64_t> files;
  tell(process::parse_stat(text, stat));
  tell(process::parse_status(text, status));
  tell(process::parse_io(text, io));
  tell(process::parse_smaps_rollup(text, memory));
  tell(process::parse_limits(text, files));
  for (auto command = process::parse_command(text); !command.empty();) process::take_argument(command);
  for (std::string_view path; process::take_cgroup(text, path);) static_cast<void>(path);
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

void xfs(std::string_view text) {
  static Sheet<filesystem::Xfs> sheet{layout("xfs")};
  sheet.rewind();
  tell(filesystem::parse_xfs(text, sheet.next()));
  encode_all(sheet.rows());
}

void pool_state(std::string_view text) {
  static Sheet<filesystem::PoolState> sheet{layout("zfs_pools")};
  sheet.rewind();
  tell(filesystem::parse_pool_state(text, sheet.next()));
  encode_all(sheet.rows());
}

void conntrack(std::string_view text) {
  network::Conntrack row;
  tell(network::parse_conntrack(text, row));
}

void ip_vs(std::string_view text) {
  static std::vector<network::Load> loads;
  static Text address;
  loads.clear();
  tell(network::parse_ip_vs(text, loads));
  for (const auto& load : loads) network::write(load.server.remote.address, address);
}

void netstat(std::string_view text) {  // snmp6 after a zero
  static network::FieldNames names("_[A-Z]");
  static Sheet<network::Statistic> sheet{layout("netstat")};
  names.begin();
  sheet.rewind();
  const auto pairs = scan::take_until(text, '\0');
  tell(network::parse_netstat(pairs, "net/netstat", names, sheet));
  tell(network::parse_snmp6(text, names, sheet));
  encode_all(sheet.rows());
}

void udp(std::string_view text) {
  static Sheet<network::UdpQueues> sheet{layout("udp_queues")};
  sheet.rewind();
  tell(network::parse_udp(text, "v4", sheet));
  encode_all(sheet.rows());
}

// The exporters' file; and what a client says who it is.
void web_config(std::string_view text) {
  static_cast<void>(config::read_web_config(text));
  static http::Basic basic;
  static_cast<void>(basic.read(text));
  static_cast<void>(http::wants_open_metrics(text));
}

// As a rule's and as a panel's; and as the URL of a page.
// A few options are enough: looking for the nearest of many would be all that it does.
void settings(std::string_view text) {
  static constexpr Option options[] = {
      {.flag = "web.freshness", .kind = Option::Kind::duration, .initial = "", .help = ""},
      {.flag = "web.listen-address", .initial = "", .help = "", .repeatable = true},
      {.flag = "collector.cpu", .kind = Option::Kind::boolean, .initial = "true", .help = ""},
      {.flag = "collector.cpu.info", .kind = Option::Kind::boolean, .initial = "false", .help = ""}};
  config::settings_of(text, "v.yaml", options);
}

// The same for listings, and the parts of one process.
void process_facts(std::string_view text) {
  process::FullStat stat;
  process::FullStatus status;
  process::FullIo io;
  process::PagesOf pages;
  process::Footprint footprint;
  std::uint64_t number = 0;
  tell(process::parse_full_stat(text, stat));
  tell(process::parse_full_status(text, status));
  tell(process::parse_full_io(text, io));
  tell(process::parse_statm(text, pages));
  tell(process::parse_footprint(text, footprint));
  tell(process::parse_boot_seconds(text, number));
  tell(process::parse_memory_bytes(text, number));
}

void process_parts(std::string_view text) {
  ProcessPart part;
  ProcessPart::OpenFile file;
  const process::SocketNumbers wanted{{12, {3, 4}}};
  tell(process::parse_all_limits(text, part.limits));
  tell(process::parse_smaps(text, part.maps));
  process::parse_environment(text, part.variables);
  process::parse_fdinfo(text, file);
  process::parse_cgroups(text, part.cgroups);
  tell(process::parse_inet(text, "tcp6", wanted, part.connections));
  tell(process::parse_unix(text, wanted, part.connections));
}

// Masking changes no number of arguments.
void secrets(std::string_view text) {
  static const process::Secrets masks("(?i)passw|token");
  std::string out;
  masks.append_command(text, out);
  if (std::ranges::count(out, '\0') != std::ranges::count(text, '\0')) std::abort();
  masks.append_value(text.substr(0, text.size() / 2), text.substr(text.size() / 2), out);
}

// The kernel's records of two readings; all that is taken in is looked at, in order, with what is paired.
void inotify(std::string_view text) {
  watch::Backlog backlog;
  for (const auto& part : {text.substr(0, text.size() / 2), text.substr(text.size() / 2)}) {
    watch::Block block;
    block.bytes = part;
    backlog.push(std::move(block));
  }
  for (watch::KernelEvent other{}; !backlog.empty(); backlog.pop()) {
    const auto event = backlog.front();
    if (event.name.size() > text.size()) std::abort();
    if (event.mask % 3 == 0) backlog.take_partner(event.cookie, other);
    if (event.mask % 5 == 0) backlog.void_first();
    if (backlog.has_partner(event.cookie) != (backlog.partner(event.cookie) != nullptr)) std::abort();
  }
}

// What the probe tells of two folders, and then the other way round.
void polled(std::string_view text) {
  static const watch::Settings settings{.name = "w", .path = "/w", .max_entries = 1000, .sizes = true};
  watch::PolledTree tree(settings, false);
  const std::string one(text.substr(0, text.size() / 2)), other(text.substr(text.size() / 2));
  for (const auto& [first, second] : {std::pair(one, other), std::pair(other, one)}) {
    watch::Polled found;
    found.folders = {{"", first, 0}, {"a", second, 0}};
    tree.take(found);
  }
  tree.leave();
  if (tree.index().entries() != 0) std::abort();
}

// A file of groups; and, where its rules are good, a process that they are asked for.
void group_rules(std::string_view text) {
  const auto made = config::group_rules_of(text, "g.yml");
  if (!made.errors.empty()) return;
  process::Subject subject;
  subject.comm = text.substr(0, 15);
  subject.command = [&] { return text; };
  subject.username = subject.cgroups = [&] { return std::string(text); };
  process::Matcher(made.rules).group_of(subject);
}

void promql(std::string_view text) {
  diff::selectors(text);
  diff::selectors(text, diff::Dialect::panel);
  diff::Url url;
  diff::parse_url(text, url);
}

struct Target {
  std::string_view name;  // its folder below tests/fuzz/seeds
  void (*parse)(std::string_view text);
};

constexpr Target targets[] = {
    {"arp", arp},
    {"bonds", bonds},
    {"bcache", bcache},
    {"bcachefs", bcachefs},
    {"btrfs_commits", btrfs_commits},
    {"clocksources", clocksources},
    {"conntrack", conntrack},
    {"cpu_list", [](std::string_view text) { rows<cpu::parse_isolated>(text, "cpu_isolated"); }},
    {"cpu_listed", [](std::string_view text) { static_cast<void>(cpu::listed(text, 3)); }},
    {"cpuinfo", cpuinfo},
    {"diskstats", diskstats},
    {"ethtool_message", ethtool_message},
    {"file_nr", [](std::string_view text) { rows<filesystem::parse_filefd>(text, "filefd"); }},
    {"group_rules", group_rules},
    {"http_body", http_body},
    {"http_request", http_request},
    {"hwmon", hwmon},
    {"inotify", inotify},
    {"ip_vs", ip_vs},
    {"ip_vs_stats", [](std::string_view text) { rows<network::parse_ip_vs_stats>(text, "ipvs"); }},
    {"kstat", kstat},
    {"link_message", link_message},
    {"loadavg", [](std::string_view text) { rows<kernel::parse_loadavg>(text, "load"); }},
    {"mdstat", [](std::string_view text) { rows<disk::parse_mdstat>(text, "md"); }},
    {"meminfo", meminfo},
    {"metrics_text", metrics_text},
    {"mountinfo", mountinfo},
    {"net_attributes", net_attributes},
    {"names", names},
    {"net_dev", net_dev},
    {"netstat", netstat},
    {"nfs", [](std::string_view text) { nfs(text, filesystem::parse_nfs, "nfs", "nfs_requests"); }},
    {"nfsd", [](std::string_view text) { nfs(text, filesystem::parse_nfsd, "nfsd", "nfsd_requests"); }},
    {"os_release", os_release},
    {"polled", polled},
    {"pool_state", pool_state},
    {"pressure", pressure},
    {"process_facts", process_facts},
    {"process_parts", process_parts},
    {"process_texts", process_texts},
    {"processors", [](std::string_view text) { rows<cpu::parse_processors>(text, "cpu"); }},
    {"schedstat", [](std::string_view text) { rows<cpu::parse_schedstat>(text, "schedstat"); }},
    {"secrets", secrets},
    {"selinux_config", [](std::string_view text) { static_cast<void>(kernel::parse_selinux_config(text)); }},
    {"promql", promql},
    {"settings", settings},
    {"sockstat", sockstat},
    {"softirqs", [](std::string_view text) { rows<kernel::parse_softirqs>(text, "softirqs"); }},
    {"softnet", [](std::string_view text) { rows<network::parse_softnet>(text, "softnet"); }},
    {"stat", [](std::string_view text) { rows<kernel::parse_stat>(text, "stat"); }},
    {"udev", udev},
    {"uevent", [](std::string_view text) { static_cast<void>(subsystem_of_uevent(text)); }},
    {"udp", udp},
    {"vmstat", vmstat},
    {"web_config", web_config},
    {"xfs", xfs},
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
