// The kernel's load balancer: its servers, and all that went through it, from /proc/net/ip_vs and ip_vs_stats.
#include "collectors/network/ipvs.hpp"

#include "collectors/base/collector.hpp"
#include "collectors/base/digits.hpp"
#include "collectors/base/kernel_file.hpp"

#include <algorithm>
#include <utility>

namespace vitald::network {
namespace {

// ---- describe: rows -> families, JSON, handbook

struct Backend {  // a server, or all that are alike in the labels that were chosen
  Text local_address, local_mark, local_port, proto, remote_address, remote_port;
  std::uint64_t active = 0, inactive = 0, weight = 0;
};

enum Chosen : unsigned {
  local_address = 1,
  local_mark = 2,
  local_port = 4,
  proto = 8,
  remote_address = 16,
  remote_port = 32,
  all = 63
};
constexpr Key keys[] = {key<&Backend::local_address>("local_address"),   key<&Backend::local_mark>("local_mark"),
                        key<&Backend::local_port>("local_port"),         key<&Backend::proto>("proto"),
                        key<&Backend::remote_address>("remote_address"), key<&Backend::remote_port>("remote_port")};
constexpr std::size_t choices = all + 1;

struct KeySet {
  std::array<Key, std::size(keys)> list{};
  std::size_t count = 0;
};
constexpr auto key_sets = [] {
  std::array<KeySet, choices> made;
  for (std::size_t chosen = 0; chosen < choices; ++chosen)
    for (std::size_t i = 0; i < std::size(keys); ++i)
      if (chosen >> i & 1) made[chosen].list[made[chosen].count++] = keys[i];
  return made;
}();

constexpr Column columns[] = {
    gauge<&Backend::active>("ipvs_backend_connections_active", "Connections that are established.", {},
                            "connections_active"),
    gauge<&Backend::inactive>("ipvs_backend_connections_inactive", "Connections that begin or end.", {},
                              "connections_inactive"),
    gauge<&Backend::weight>("ipvs_backend_weight", "The share of new connections that it is given.", {}, "weight"),
};
template <std::size_t... Set>
consteval std::array<Table<Backend>, choices> tables_of(std::index_sequence<Set...>) {
  return {Table<Backend>{
      {"ipvs_backends", "/proc/net/ip_vs", {key_sets[Set].list.data(), key_sets[Set].count}, columns}}...};
}
constinit const auto tables = tables_of(std::make_index_sequence<choices>());

constexpr Column total_columns[] = {
    counter<&IpvsTotals::connections>("ipvs_connections_total", "Connections made.", {}, "connections"),
    counter<&IpvsTotals::incoming_bytes>("ipvs_incoming_bytes_total", "Bytes that came in.", {}, "incoming_bytes"),
    counter<&IpvsTotals::incoming_packets>("ipvs_incoming_packets_total", "Packets that came in.", {},
                                           "incoming_packets"),
    counter<&IpvsTotals::outgoing_bytes>("ipvs_outgoing_bytes_total", "Bytes that went out.", {}, "outgoing_bytes"),
    counter<&IpvsTotals::outgoing_packets>("ipvs_outgoing_packets_total", "Packets that went out.", {},
                                           "outgoing_packets"),
};
constinit const Table<IpvsTotals> total_table{{"ipvs", "/proc/net/ip_vs_stats", {}, total_columns}};

// ---- the labels that were chosen

constexpr std::size_t unknown = choices;

std::size_t chosen_by(std::string_view labels) {
  if (labels.empty()) return 0;
  std::size_t chosen = 0;
  for (bool more = true; more;) {
    more = labels.find(',') != labels.npos;
    const auto label = scan::take_until(labels, ',');
    if (label.empty()) continue;
    const auto found = std::ranges::find(keys, label, &Key::name);
    if (found == std::end(keys)) return unknown;
    chosen |= std::size_t{1} << (found - std::begin(keys));
  }
  return chosen;
}

std::string_view fault_of_labels(std::string_view labels) {
  return chosen_by(labels) == unknown ? "holds a name that is no label of a backend" : "";
}

constexpr Option options[] = {
    {.flag = "collector.ipvs.backend-labels",
     .kind = Option::Kind::text,
     .initial = "local_address,local_port,remote_address,remote_port,proto,local_mark",
     .help = "Labels of the servers, by comma; those that are alike in them are summed.",
     .check = fault_of_labels},
};

// Without what the labels do not tell.
Server told(const Server& whole, std::size_t chosen) {
  Server part;
  if (chosen & local_address) part.local.address = whole.local.address;
  if (chosen & local_mark) part.mark = whole.mark;
  if (chosen & local_mark) part.marked = whole.marked;
  if (chosen & local_port) part.local.port = whole.local.port;
  if (chosen & proto) part.protocol = whole.protocol;
  if (chosen & remote_address) part.remote.address = whole.remote.address;
  if (chosen & remote_port) part.remote.port = whole.remote.port;
  return part;
}

void fill(const Server& server, Backend& row) {
  write(server.local.address, row.local_address);
  write(server.remote.address, row.remote_address);
  write_number(server.local.port, row.local_port);
  write_number(server.remote.port, row.remote_port);
  const auto& name = server.protocol;
  row.proto = std::string_view(name.data(), static_cast<std::size_t>(std::ranges::find(name, '\0') - name.begin()));
  if (!server.marked) return;
  for (int shift = 28; shift >= 0; shift -= 4) row.local_mark += "0123456789ABCDEF"[server.mark >> shift & 15];
}

// ---- read: kernel -> text

class Ipvs final : public Collector {
 public:
  explicit Ipvs(const Environment& environment)
      : stats_(environment.roots.proc + "/net/ip_vs_stats", KernelFile::Holds::value),
        servers_(environment.roots.proc + "/net/ip_vs"),
        chosen_(chosen_by(environment.options.text("collector.ipvs.backend-labels"))) {}

  Result<void> collect(Page& page) override {
    const auto stats = stats_.read();
    if (!stats) return stats.error();
    if (const auto done = parse_ip_vs_stats(*stats, page.sheet(total_table)); !done) return done;
    const auto servers = servers_.read();
    if (!servers) return servers.error();
    loads_.clear();
    if (const auto done = parse_ip_vs(*servers, loads_); !done) return done;
    sum_into(page.sheet(tables[chosen_]));
    return {};
  }

 private:
  void sum_into(Sheet<Backend>& out) {
    for (auto& load : loads_) load.server = told(load.server, chosen_);
    std::ranges::sort(loads_, {}, &Load::server);
    const Load* last = nullptr;
    Backend* row = nullptr;
    for (const auto& load : loads_) {
      if (!last || last->server != load.server) fill(load.server, *(row = &out.next()));
      last = &load;
      row->active += load.active;
      row->inactive += load.inactive;
      row->weight += load.weight;
    }
  }

  KernelFile stats_, servers_;
  std::size_t chosen_;
  std::vector<Load> loads_;
};

constexpr const Layout* layouts[] = {&total_table, &tables[all]};

}  // namespace

extern constinit const Entry ipvs;
constinit const Entry ipvs{
    "ipvs", "The kernel's load balancer.", true, Entry::Runs::fast, make<Ipvs>, layouts, options, "The module ip_vs."};

}  // namespace vitald::network
