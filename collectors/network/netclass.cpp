// What the network interfaces are and how they stand: from /sys/class/net, or by netlink(7) alone.
#include "collectors/base/collector.hpp"
#include "collectors/base/scan.hpp"
#include "collectors/network/interfaces.hpp"
#include "collectors/network/link_modes.hpp"
#include "collectors/network/netclass_tables.hpp"
#include "collectors/network/netdev_fill.hpp"

namespace vitald::network {
namespace {

// ---- by files, as far as messages do not say the same

class ByFiles {
 public:
  explicit ByFiles(const Environment& environment)
      : interfaces_(environment),
        only_valid_speeds_(environment.options.on("collector.netclass.ignore-invalid-speed")) {}

  Result<void> collect(SeenNames& wanted, Page& page) {
    auto& out = page.sheet(file_table);
    if (const auto done = interfaces_.read(wanted, out); !done) return done;
    if (only_valid_speeds_)
      for (auto& row : out.view())
        if (row.speed && *row.speed < 0) row.speed.reset();
    return {};
  }

 private:
  Interfaces interfaces_;
  bool only_valid_speeds_;
};

// ---- by messages alone, where the peer shows some things in another way

class ByMessages {
 public:
  explicit ByMessages(const Environment& environment)
      : links_(environment.sources.links()),
        files_(environment),
        counters_(environment.options.on("collector.netclass_rtnl.with-stats") && !netdev_is_on(environment.options)) {}

  Result<void> collect(SeenNames& wanted, Page& page) {
    if (const auto read = modes_.read(); !read) return read;
    const auto links = links_.read();
    if (!links) return links.error();
    wanted.begin();
    auto& rows = page.sheet(message_table);
    auto& names = page.sheet(other_name_table);
    for (const auto& link : **links) {
      if (!wanted.keeps(link.name)) continue;
      if (const auto done = fill(link, rows.next()); !done) return done;
      tell_names(link, names);
      if (!counters_) continue;
      auto& counted = page.sheet(link_counter_table).next();
      counted.device = link.name.view();
      network::fill(link, counted);
    }
    return {};
  }

 private:
  // It shows the same families, as counters.
  static bool netdev_is_on(const Options& options) {
    constexpr std::string_view of_netdev = "collector.netdev";
    return options.on(of_netdev) && (options.given(of_netdev) || !options.on("collector.disable-defaults"));
  }

  static void tell_names(const netlink::Link& link, Sheet<OtherName>& out) {
    for (auto rest = link.other_names.view(); !rest.empty();) {
      auto& row = out.next();
      row.altname = scan::take_until(rest, '\0');
      row.device = link.name.view();
    }
  }

  Result<void> fill(const netlink::Link& link, Interface& out) {
    fill_as_message(link, out);
    if (const auto* const mode = modes_.find(link.index)) {
      out.duplex = duplex_of_message(mode->duplex);
      if (mode->megabits) out.speed = std::int64_t{*mode->megabits} * 1'000'000 / 8;
    }
    return files_.read_unsaid(link.name, out);
  }

  SharedLinks& links_;
  LinkModes modes_;
  InterfaceFiles files_;
  bool counters_;
};

class Netclass final : public Collector {
 public:
  explicit Netclass(const Environment& environment)
      : wanted_(Filter(environment.options, "", "collector.netclass.ignored-devices")),
        wants_none_(environment.options.text("collector.netclass.ignored-devices").empty()) {
    if (environment.options.on("collector.netclass.netlink"))
      by_messages_ = std::make_unique<ByMessages>(environment);
    else
      by_files_ = std::make_unique<ByFiles>(environment);
  }
  Result<void> collect(Page& page) override {
    if (wants_none_) return {};
    return by_files_ ? by_files_->collect(wanted_, page) : by_messages_->collect(wanted_, page);
  }

 private:
  SeenNames wanted_;
  bool wants_none_;                    // an expression that was given empty is found in every name
  std::unique_ptr<ByFiles> by_files_;  // one of the two
  std::unique_ptr<ByMessages> by_messages_;
};

constexpr const Layout* layouts[] = {&file_table, &other_name_table, &link_counter_table};

}  // namespace

extern constinit const Entry netclass;
constinit const Entry netclass{"netclass",
                               "State of the network interfaces.",
                               true,
                               Entry::Runs::fast,
                               make<Netclass>,
                               layouts,
                               netclass_options,
                               "Netlink, so in a systemd unit RestrictAddressFamilies=AF_NETLINK."};

}  // namespace vitald::network
