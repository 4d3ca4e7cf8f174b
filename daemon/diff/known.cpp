#include "daemon/diff/known.hpp"

#include "collectors/base/filter.hpp"
#include "collectors/base/scan.hpp"
#include "collectors/memory/meminfo.hpp"

#include <charconv>

namespace vitald::diff {
namespace {

constexpr std::string_view own_tale = "each program tells of itself here";
constexpr std::string_view moment = "it changes from moment to moment, and by the asking itself";

using enum Where;

// A key that is shown here, too: that it is not is a loss.
bool shown_here(std::string_view family) {
  constexpr std::string_view prefix = "node_memory_";
  return family.starts_with(prefix) && memory::shown_by_default(family.substr(prefix.size()));
}

constexpr std::string_view of_the_process =
    "process_(cpu_seconds_total|(max|open)_fds|resident_memory_bytes|start_time_seconds|virtual_memory(_max)?_bytes|"
    "network_(receive|transmit)_bytes_total)";

constexpr Known table[] = {
    // ---- what the others show and we do not
    {theirs, "go_(cgo|cpu_classes|gc|godebug|memory_classes|memstats|sched|sync)_.*|go_(goroutines|info|threads)", "",
     "", "", "the Go runtime's own state: this daemon is not written in Go"},
    {theirs, "promhttp_metric_handler_.*", "", "", "",
     "of Go's HTTP library; vitald_http_requests_total tells of requests here"},
    {theirs, "process_network_(receive|transmit)_bytes_total", "", "", "", "of Go's client library, about itself"},
    {theirs, "node_disk_.*", "device", "zram[0-9]+", "1.8.0", "disks in memory are left out since 1.8.0"},
    {theirs, "node_memory_.*", "", "", "1.9.0",
     "a fixed list of keys is shown since 1.9.0; --collector.meminfo.all brings the others back", shown_here},

    // ---- what only newer ones show
    {ours, "node_bcachefs_.*", "", "", "1.11.0", "the collector bcachefs is there since 1.11.0"},
    {ours, "node_btrfs_.*commit.*", "", "", "1.9.0", "commits are told since 1.9.0"},
    {ours, "node_cpu_frequency_avg_hertz", "", "", "1.12.0", "the average frequency is told since 1.12.0"},
    {ours, "node_cpu_online", "", "", "1.9.0", "whether a processor is online is told since 1.9.0"},
    {ours, "node_cpu_scaling_governor", "", "", "1.6.0", "the governor is told since 1.6.0"},
    {ours, "node_disk_info", "rotational", "", "1.9.0", "disks tell whether they rotate since 1.9.0"},
    {ours, "node_filesystem_.*", "device_error", "", "1.8.0", "mounts tell why they could not be asked since 1.8.0"},
    {ours, "node_filesystem_mount_info", "", "", "1.9.0", "a mount's device numbers are told since 1.9.0"},
    {ours, "node_filesystem_purgeable_bytes", "", "", "1.10.0", "purgeable space is told since 1.10.0"},
    {ours, "node_filesystem_readonly", "device_error", ".+", "1.7.0",
     "whether a mount that cannot be asked is read-only is told since 1.7.0"},
    {ours, "node_kernel_hung_.*", "", "", "1.11.0", "the collector kernel_hung is there since 1.11.0"},
    {ours, "node_network_altnames_info", "", "", "1.11.0", "alternative names are told since 1.11.0"},
    {ours, "node_infiniband_.*", "", "", "1.12.0", "the hardware's own counters are told by newer ones"},
    {ours, "node_network_info", "adminstate", "", "1.6.0", "whether an interface is to be up is told since 1.6.0"},
    {ours, "node_network_(receive|transmit)_.*|node_network_carrier_.*", "ifalias", "", "1.9.0",
     "interfaces tell their alias since 1.9.0, with --collector.netdev.label-ifalias"},
    {ours, "node_nfsd_requests_total", "method", "WdelegGetattr", "1.8.0",
     "delegated attributes are counted since 1.8.0"},
    {ours, "node_nvme_info", "cntlid", "", "1.12.0", "newer ones tell a controller's number"},
    {ours, "node_nvme_namespace_.*", "", "", "1.11.0", "namespaces are told since 1.11.0"},
    {ours, "node_os_support_end_timestamp_seconds", "", "", "1.8.0", "the end of support is told since 1.8.0"},
    {ours, "node_pressure_irq_stalled_seconds_total", "", "", "1.9.0", "pressure of interrupts is told since 1.9.0"},
    {ours, "node_softnet_(backlog_len|cpu_collision_total|flow_limit_count_total|received_rps_total)", "", "", "1.6.0",
     "four more columns of the packet queues are told since 1.6.0"},
    {ours, "node_watchdog_.*", "", "", "1.8.0", "the collector watchdog is there since 1.8.0"},
    {ours, "node_zfs_arc_memory_available_bytes", "", "", "1.6.0", "ZFS's signed numbers are told since 1.6.0"},
    {ours, "node_zfs_zpool_state", "state", "suspended", "1.6.0", "ZFS's pools can be suspended since 1.6.0"},
    {ours, "node_scrape_collector_(duration_seconds|success)", "collector", ".+", "",
     "the other has no such collector, or has it off"},
    {ours, "vitald_.*", "", "", "", "this daemon's own"},
    {ours, of_the_process, "", "", "", own_tale},
    {ours, "node_network_.*", "device", "lo", "1.6.0",
     "Debian's build of older ones leaves the loopback interface out"},

    // ---- what is there on both, and another
    {both, "node_exporter_build_info", "", "", "", own_tale},
    {value, of_the_process, "", "", "", own_tale},
    {both, "node_scrape_collector_duration_seconds", "", "", "", own_tale},
    {value, "namedprocess_scrape_.*", "", "", "", own_tale},
    {value, "node_(time_seconds|procs_running|entropy_available_bits|filefd_allocated)", "", "", "", moment},
    {value, "node_sockstat_.*|node_netstat_Tcp_CurrEstab|node_udp_queues|node_arp_entries", "", "", "", moment},
    {value, "node_cpu_scaling_frequency_hertz|node_cpu_frequency_hertz", "", "", "", moment},
};

unsigned take_number(std::string_view& text) {
  unsigned number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number).ptr;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with('.')) text.remove_prefix(1);
  return number;
}

bool whole(std::string_view expression, std::string_view text) {
  return Pattern(std::string("^(?:").append(expression).append(")$")).found_in(text);
}

}  // namespace

std::span<const Known> known_differences() { return table; }

bool older(std::string_view version, std::string_view than) {
  for (int part = 0; part < 3; ++part) {
    const auto a = take_number(version), b = take_number(than);
    if (a != b) return a < b;
  }
  return false;
}

const Known* find_known(const Asked& asked, std::string_view version) {
  const auto fits = [&](const Known& known) {
    if (known.unless && known.unless(asked.family)) return false;
    if (known.where == both) return true;
    if (known.where != asked.where) return false;
    return known.values.empty() ? known.label == asked.label : whole(known.values, label_of(asked.labels, known.label));
  };
  for (const auto& known : table)
    if (fits(known) && whole(known.families, asked.family) && (known.since.empty() || older(version, known.since)))
      return &known;
  return nullptr;
}

}  // namespace vitald::diff
