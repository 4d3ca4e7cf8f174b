// Traffic of the network interfaces, by rtnetlink(7) or from /proc/net/dev.
#include "collectors/network/netdev.hpp"

#include "collectors/base/collector.hpp"
#include "collectors/base/kernel_file.hpp"
#include "collectors/base/scan.hpp"
#include "collectors/network/netdev_fill.hpp"
#include "collectors/network/netdev_tables.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace vitald::network {
namespace {

constexpr std::string_view heading =
    "face |bytes packets errs drop fifo frame compressed multicast|bytes packets errs drop fifo colls carrier "
    "compressed";

constexpr std::size_t most_rows = 65536;  // some 15 MiB of memory

bool same_words(std::string_view a, std::string_view b) {
  for (;;) {
    const auto one = scan::take_word(a), other = scan::take_word(b);
    if (one != other) return false;
    if (one.empty()) return true;
  }
}

// What dev_valid_name() of the kernel lets pass, but for colons: old kernels let aliases have them.
bool is_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && name.find_first_of("/ \t\n\v\f\r") == name.npos;
}

}  // namespace

// ---- parse: text -> rows

Result<void> parse_net_dev(std::string_view text, SeenNames& names, Sheet<Traffic>& out) {
  names.begin();
  if (text.empty()) return Fault{Parse::empty, "net/dev"};
  if (text.back() != '\n') return Fault{Parse::truncated, "net/dev"};  // a cut number would look like a whole one
  if (!scan::take_line(text).starts_with("Inter-|")) return Fault{Parse::unknown_layout, "net/dev", 1};
  if (!same_words(scan::take_line(text), heading)) return Fault{Parse::unknown_layout, "net/dev", 2};
  for (std::size_t line = 3; !text.empty(); ++line) {
    auto rest = scan::take_line(text);
    const auto colon = rest.rfind(':');
    if (colon == rest.npos) return Fault{Parse::truncated, "net/dev", line};
    auto name = rest.substr(0, colon);
    name.remove_prefix(std::min(name.find_first_not_of(' '), name.size()));
    if (!is_name(name)) return Fault{Parse::unknown_layout, "net/dev", line};
    rest.remove_prefix(colon + 1);
    Traffic row;
    if (!scan::numbers(rest, row.receive_bytes, row.receive_packets, row.receive_errors, row.receive_drop,
                       row.receive_fifo, row.receive_frame, row.receive_compressed, row.multicast, row.transmit_bytes,
                       row.transmit_packets, row.transmit_errors, row.transmit_drop, row.transmit_fifo, row.collisions,
                       row.transmit_carrier, row.transmit_compressed))
      return Fault{Parse::not_a_number, "net/dev", line};
    if (!scan::take_word(rest).empty()) return Fault{Parse::unknown_layout, "net/dev", line};
    if (!names.keeps(name)) continue;
    if (out.view().size() >= most_rows) return Fault{Parse::too_large, "net/dev", line};
    auto& kept = out.next();
    kept = row;
    kept.device = name;
  }
  return {};
}

// ---- read: kernel -> rows

namespace {

class Netdev final : public Collector {
 public:
  explicit Netdev(const Environment& environment) : Netdev(environment, environment.options, "collector.netdev.") {}

  Result<void> collect(Page& page) override {
    const auto done = !links_ ? read_file(page) : detailed_ ? ask(page, raw_tables) : ask(page, traffic_tables);
    if (!done || !addresses_) return done;
    return read_addresses(page.sheet(address_table));
  }

 private:
  Netdev(const Environment& environment, const Options& options, const std::string& flags)
      : names_(Filter(options, flags + "device-include", flags + "device-exclude")),
        file_(environment.roots.proc + "/net/dev"),
        sys_(environment.roots.sys),
        addresses_(options.on(flags + "address-info")),
        detailed_(options.on(flags + "enable-detailed-metrics")),
        aliased_(options.on(flags + "label-ifalias")),
        links_(options.on(flags + "netlink") ? &environment.sources.links() : nullptr) {}

  template <class Row>
  Sheet<Row>& sheet(Page& page, const Tables<Row>& tables) const {
    return page.sheet(aliased_ ? tables.aliased : tables.named);
  }

  template <class Row>
  Result<void> ask(Page& page, const Tables<Row>& tables) {
    const auto links = links_->read();
    if (!links) return links.error();
    auto& out = sheet(page, tables);
    names_.begin();
    for (const auto& link : **links) {
      if (!names_.keeps(link.name)) continue;
      auto& row = out.next();
      row.device = link.name.view();
      if (aliased_) row.ifalias = link.alias.view();
      fill(link, row);
    }
    return {};
  }

  Result<void> read_file(Page& page) {
    const auto text = file_.read();
    if (!text) return text.error();
    auto& out = sheet(page, detailed_ ? renamed_tables : traffic_tables);
    if (const auto done = parse_net_dev(*text, names_, out); !done) return done;
    if (aliased_)
      for (auto& row : out.view()) read_alias(row);
    return {};
  }

  // Not kept open: interfaces come and go, and there may be thousands. None is as good as an empty one.
  void read_alias(Traffic& row) {
    path_.assign(sys_).append("/class/net/").append(row.device.view()).append("/ifalias");
    const int fd = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) return;
    struct stat about {};
    char text[257];  // IFALIASZ and the line's end
    const bool plain = ::fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
    const auto n = plain ? ::read(fd, text, sizeof text) : 0;
    ::close(fd);
    if (n <= 0) return;
    const std::string_view read(text, static_cast<std::size_t>(n));
    row.ifalias = read.substr(0, read.find('\n'));
  }

  SeenNames names_;
  KernelFile file_;
  std::string sys_, path_;
  bool addresses_, detailed_, aliased_;
  SharedLinks* links_;  // none: the file is read
};

constexpr const Layout* layouts[] = {&traffic_tables.named, &raw_tables.named, &address_table};

}  // namespace

extern constinit const Entry netdev;
constinit const Entry netdev{"netdev",       "Traffic of the network interfaces.",
                             true,           Entry::Runs::fast,
                             make<Netdev>,   layouts,
                             netdev_options, "Netlink, so in a systemd unit RestrictAddressFamilies=AF_NETLINK."};

}  // namespace vitald::network
