// Neighbours (ARP entries) by interface, by rtnetlink(7) or from /proc/net/arp.
#include "collectors/network/arp.hpp"

#include "collectors/base/collector.hpp"
#include "collectors/base/kernel_file.hpp"
#include "collectors/base/scan.hpp"

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>

namespace vitald::network {
namespace {

constexpr std::size_t most_rows = 65536;

// The device is the last word. A device without addresses has one word less.
bool take_device(std::string_view line, std::string_view& device) {
  std::size_t words = 0;
  for (auto word = scan::take_word(line); !word.empty(); word = scan::take_word(line), ++words) {
    if ((words == 1 || words == 2) && !word.starts_with("0x")) return false;
    device = word;
  }
  return words == 5 || words == 6;
}

}  // namespace

// ---- parse: text or message -> rows

Result<void> parse_arp(std::string_view text, std::vector<std::string_view>& names, SeenNames& wanted,
                       Sheet<Neighbours>& out) {
  if (text.empty()) return Fault{Parse::empty, "net/arp"};
  if (text.back() != '\n') return Fault{Parse::truncated, "net/arp"};  // a cut name would look like another's
  if (!scan::take_line(text).starts_with("IP address ")) return Fault{Parse::unknown_layout, "net/arp", 1};
  names.clear();
  for (std::size_t line = 2; !text.empty(); ++line)
    if (!take_device(scan::take_line(text), names.emplace_back())) return Fault{Parse::unknown_layout, "net/arp", line};
  std::ranges::sort(names);
  wanted.begin();
  for (auto at = names.begin(); at != names.end();) {
    const auto end = std::ranges::find_if(at, names.end(), [&](std::string_view name) { return name != *at; });
    if (wanted.keeps(*at)) {
      if (out.view().size() >= most_rows) return Fault{Parse::too_large, "net/arp"};
      auto& row = out.next();
      row.device = *at;
      row.entries = static_cast<std::uint64_t>(end - at);
    }
    at = end;
  }
  return {};
}

Result<std::optional<std::uint32_t>> parse_neighbour(std::string_view body) {
  ndmsg header{};
  if (!netlink::front(body, header)) return Fault{Parse::truncated, "netlink: neighbour"};
  if (header.ndm_family != AF_INET || (header.ndm_state & NUD_NOARP) != 0) return std::nullopt;
  return static_cast<std::uint32_t>(header.ndm_ifindex);
}

// ---- describe: rows -> families, JSON, handbook

namespace {

constexpr Option options[] = {
    {"collector.arp.device-exclude", Option::Kind::regexp, "", "Devices to leave out; not beside device-include.",
     "collector.arp.device-include"},
    {"collector.arp.device-include", Option::Kind::regexp, "",
     "Devices to show, and no others; not beside device-exclude.", "collector.arp.device-exclude"},
    {"collector.arp.netlink", Option::Kind::boolean, "true", "Ask by netlink instead of reading /proc/net/arp."},
};

constexpr Key keys[] = {key<&Neighbours::device>("device")};
constexpr Column columns[] = {gauge<&Neighbours::entries>("arp_entries", "Neighbours of the interface by IPv4.")};
constinit const Table<Neighbours> table{{"arp", "rtnetlink or /proc/net/arp", keys, columns}};

// ---- read: kernel -> rows

// How many neighbours each interface has, by its index.
class Counts final : public netlink::Listener {
 public:
  void begin() override { counts_.clear(); }
  Result<void> take(const netlink::Message& message) override {
    if (message.type != RTM_NEWNEIGH) return {};
    const auto index = parse_neighbour(message.body);
    if (!index) return index.error();
    if (!*index) return {};
    const auto at = std::ranges::lower_bound(counts_, **index, {}, &Count::index);
    if (at != counts_.end() && at->index == **index)
      ++at->entries;
    else if (counts_.size() >= most_rows)
      return Fault{Parse::too_large, "netlink: neighbours"};
    else
      counts_.insert(at, {**index, 1});
    return {};
  }
  std::uint64_t of(std::uint32_t index) const {
    const auto at = std::ranges::lower_bound(counts_, index, {}, &Count::index);
    return at != counts_.end() && at->index == index ? at->entries : 0;
  }

 private:
  struct Count {
    std::uint32_t index;
    std::uint64_t entries;
  };
  std::vector<Count> counts_;
};

class Arp final : public Collector {
 public:
  explicit Arp(const Environment& environment)
      : wanted_(Filter(environment.options, "collector.arp.device-include", "collector.arp.device-exclude")),
        file_(environment.roots.proc + "/net/arp"),
        links_(environment.options.on("collector.arp.netlink") ? &environment.sources.links() : nullptr) {}

  Result<void> collect(Page& page) override {
    auto& out = page.sheet(table);
    if (links_) return ask(out);
    const auto text = file_.read();
    return text ? parse_arp(*text, names_, wanted_, out) : text.error();
  }

 private:
  Result<void> ask(Sheet<Neighbours>& out) {
    ndmsg header{};
    header.ndm_family = AF_INET;
    const std::string_view request(reinterpret_cast<const char*>(&header), sizeof header);
    if (const auto asked = socket_.dump(RTM_GETNEIGH, request, counts_); !asked) return asked;
    const auto links = links_->read();
    if (!links) return links.error();
    wanted_.begin();
    for (const auto& link : **links) {
      const auto entries = counts_.of(link.index);
      if (entries == 0 || !wanted_.keeps(link.name)) continue;
      auto& row = out.next();
      row.device = link.name.view();
      row.entries = entries;
    }
    return {};
  }

  SeenNames wanted_;
  netlink::Socket socket_;
  Counts counts_;
  KernelFile file_;
  std::vector<std::string_view> names_;
  SharedLinks* links_;  // none: the file is read
};

constexpr const Layout* layouts[] = {&table};

}  // namespace

extern constinit const Entry arp;
constinit const Entry arp{"arp",     "Neighbours by interface.",
                          true,      Entry::Runs::fast,
                          make<Arp>, layouts,
                          options,   "Netlink, so in a systemd unit RestrictAddressFamilies=AF_NETLINK."};

}  // namespace vitald::network
