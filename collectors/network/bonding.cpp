// Bonds of network interfaces: their slaves, and how many of these have a link, from /sys/class/net.
#include "collectors/network/bonding.hpp"
#include "collectors/base/collector.hpp"
#include "collectors/base/digits.hpp"
#include "collectors/base/kernel_file.hpp"
#include "collectors/base/scan.hpp"

#include <algorithm>

namespace vitald::network {

// ---- parse: text -> rows

Result<bool> parse_link_status(std::string_view text) {
  const auto word = scan::lone(text);
  const auto odd = [](char c) { return c < ' ' || c > '~'; };
  if (word.empty() || std::ranges::any_of(word, odd)) return Fault{Parse::unknown_layout, "mii_status", 1};
  return word == "up";  // else "down", "going back", … or what another driver calls it
}

Result<std::string_view> parse_interfaces(std::string_view text) {
  const auto line = scan::take_line(text);
  const auto odd = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '/'; };
  if (!text.empty() || std::ranges::any_of(line, odd)) return Fault{Parse::unknown_layout, "interfaces", 1};
  return line;
}

namespace {

struct Bond {
  Text master;
  std::uint64_t active = 0, slaves = 0;
};

// ---- describe: rows -> families, JSON, handbook

constexpr Key keys[] = {key<&Bond::master>("master")};
constexpr Column columns[] = {
    gauge<&Bond::active>("bonding_active", "Slaves whose link is up."),
    gauge<&Bond::slaves>("bonding_slaves", "Slaves of the bond."),
};
constinit const Table<Bond> table{{"bonds", "/sys/class/net/bonding_masters", keys, columns}};

// ---- read: kernel -> text

class Bonding final : public Collector {
 public:
  explicit Bonding(const Environment& environment)
      : folder_(environment.roots.sys + "/class/net/"),
        masters_(folder_ + "bonding_masters", KernelFile::Holds::value) {}

  Result<void> collect(Page& page) override {
    const auto text = masters_.read();
    if (!text) return text.error();
    auto masters = parse_interfaces(*text);
    if (!masters) return masters.error();
    auto& out = page.sheet(table);
    used_ = 0;
    for (auto master = scan::take_word(*masters); !master.empty(); master = scan::take_word(*masters)) {
      const auto same = [&](const Bond& before) { return before.master == master; };
      if (std::ranges::any_of(out.view(), same)) continue;
      auto& row = out.next();
      row.master = master;
      if (const auto done = read(row); !done) return done;
    }
    return {};
  }

 private:
  Result<void> read(Bond& row) {
    auto& list = file();
    turn(list, row.master, "/bonding/slaves", "", "");
    const auto text = list.read();
    if (!text) return text.error();
    auto slaves = parse_interfaces(*text);
    if (!slaves) return slaves.error();
    for (auto slave = scan::take_word(*slaves); !slave.empty(); slave = scan::take_word(*slaves)) {
      const auto up = is_up(row.master, slave);
      if (!up) return up.error();
      row.active += *up;
      ++row.slaves;
    }
    return {};
  }

  Result<bool> is_up(std::string_view master, std::string_view slave) {
    auto& status = file();
    turn(status, master, "/lower_", slave, "/bonding_slave/mii_status");
    auto text = status.read();
    if (!text && text.error().code.value() == ENOENT) {  // before Linux 3.13
      turn(status, master, "/slave_", slave, "/bonding_slave/mii_status");
      text = status.read();
    }
    return text ? parse_link_status(*text) : text.error();
  }

  // The next of the kept files. From one reading to the next it is mostly the same again, and still open.
  KernelFile& file() {
    if (used_ == files_.size()) files_.push_back(std::make_unique<KernelFile>("", KernelFile::Holds::value));
    return *files_[used_++];
  }
  void turn(KernelFile& to, std::string_view master, std::string_view link, std::string_view slave,
            std::string_view end) {
    path_.assign(folder_).append(master).append(link).append(slave).append(end);
    if (to.path() != path_) to.turn_to(path_);
  }

  std::string folder_, path_;
  KernelFile masters_;
  std::vector<std::unique_ptr<KernelFile>> files_;  // a text is in use while more are made
  std::size_t used_ = 0;
};

constexpr const Layout* layouts[] = {&table};

}  // namespace

extern constinit const Entry bonding;
constinit const Entry bonding{
    "bonding", "Bonds of network interfaces.",          true, Entry::Runs::fast, make<Bonding>, layouts,
    {},        "CONFIG_BONDING, and the module loaded."};

}  // namespace vitald::network
