// Energy that packages, cores and memory took, from /sys/class/powercap.
#include "collectors/hardware/rapl.hpp"

#include "collectors/base/devices.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>

namespace vitald::hardware {

// ---- parse: text -> rows

ZoneName parse_zone_name(std::string_view text) {
  const auto at = text.find('-');
  std::uint64_t index = 0;
  if (at != text.npos && scan::number(text.substr(at + 1), index)) return {text.substr(0, at), index};
  return {text, std::nullopt};
}

void family_of_zone(std::string_view name, Text& out) {
  out.clear();
  for (const char c : name) {
    const bool within = (static_cast<unsigned char>(c) & 0xC0) == 0x80;  // a character is one '_', however long
    if (scan::plain(c))
      out += c;
    else if (!within)
      out += '_';
  }
  out += "_joules_total";
}

// ---- describe: rows -> families, JSON, handbook

namespace {

struct Zone {
  Text family, index, path, rapl_zone;
  std::uint64_t number = 0;  // the index
  double joules = 0;
};
constexpr Key keys[] = {key<&Zone::index>("index"), key<&Zone::path>("path")};
constexpr Column columns[] = {open<&Zone::joules>(Type::counter, "rapl_", "Energy taken; the kernel's counter wraps.")};
constinit const Table<Zone> table{{"rapl", "/sys/class/powercap", keys, columns, named<&Zone::family>}};

constexpr Key zone_keys[] = {key<&Zone::index>("index"), key<&Zone::path>("path"), key<&Zone::rapl_zone>("rapl_zone")};
constexpr Column zone_columns[] = {
    counter<&Zone::joules>("rapl_joules_total", "Energy taken by a zone; the kernel's counter wraps.")};
constinit const Table<Zone> zone_table{{"rapl", "/sys/class/powercap", zone_keys, zone_columns}};

// ---- read: files -> rows

constexpr std::string_view zone_label_flag = "collector.rapl.enable-zone-label";

class Rapl final : public Collector {
 public:
  explicit Rapl(const Environment& environment)
      : zones_(environment, {.below = "class/powercap", .subsystem = "powercap", .most = 1024}),
        label_(environment.options.on(zone_label_flag)) {}

  Result<void> collect(Page& page) override {
    auto& sheet = page.sheet(label_ ? zone_table : table);
    const auto looked = zones_.look();
    if (!looked && state_of(looked.error()) != State::absent) return looked;
    if (!looked) {
      page.lacking = looked.error();
      return Fault{Parse::no_data, zones_.path()};
    }
    used_ = 0;
    for (std::size_t zone = 0; zone < zones_.size(); ++zone)
      if (const auto read = read_zone(zone); !read) return read;
    order_.clear();
    for (std::size_t i = 0; i < used_; ++i) order_.push_back(i);
    std::sort(order_.begin(), order_.end(), [this](std::size_t a, std::size_t b) {  // families stand together
      const std::string_view one = found_[a].family, other = found_[b].family;
      return one == other ? a < b : one < other;
    });
    for (const auto i : order_) sheet.next() = found_[i];
    return {};
  }

 private:
  static constexpr std::size_t name_file = 0, energy_file = 1, range_file = 2;

  Result<void> read_zone(std::size_t zone) {
    if (!zones_.there(zone)) return {};
    const auto name = zones_.read(zone, {name_file, "name"});
    if (!name) return name.error();
    if (!*name) return {};  // a control type, not a zone
    if (used_ == found_.size()) found_.emplace_back();
    auto& row = found_[used_];
    name_zone(zone, **name, row);
    ++used_;
    // The peer tells nothing of the machine's energy when a zone has no range.
    for (const auto& file : {DeviceFolder::File{range_file, "max_energy_range_uj"}, {energy_file, "energy_uj"}}) {
      const auto text = zones_.read(zone, file);
      if (!text) return text.error();
      if (!*text) return why_not(zone, file.name);
      std::uint64_t microjoules = 0;
      if (!scan::number(**text, microjoules)) return zones_.fault(Parse::not_a_number);
      row.joules = static_cast<double>(microjoules) / 1e6;
    }
    return {};
  }

  void name_zone(std::size_t zone, std::string_view text, Zone& row) {
    const auto name = parse_zone_name(text);
    row.number = name.index.value_or(0);
    if (!name.index)  // the zones of one name are counted, from the last one before
      for (std::size_t i = 0; i < used_; ++i)
        if (found_[i].rapl_zone == name.name) row.number = found_[i].number + 1;
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, row.number).ptr;
    row.index = std::string_view(digits, static_cast<std::size_t>(end - digits));
    row.rapl_zone = name.name;
    row.path = zones_.path();
    row.path += '/';
    row.path += zones_.name(zone);
    family_of_zone(name.name, row.family);
  }

  // Since kernel 5.10 (CVE-2020-8694) only root may know.
  Fault why_not(std::size_t zone, std::string_view file) {
    path_.assign(zones_.path()).append("/").append(zones_.name(zone)).append("/").append(file);
    if (::access(path_.c_str(), F_OK) == 0 && ::access(path_.c_str(), R_OK) != 0)
      return system_fault("energy_uj, which root alone may read", EACCES);
    return {Parse::no_data, "energy_uj"};
  }

  DeviceFolder zones_;
  bool label_;
  std::vector<Zone> found_;  // the first used_ of them
  std::vector<std::size_t> order_;
  std::size_t used_ = 0;
  std::string path_;
};

constexpr const Layout* layouts[] = {&table, &zone_table};
constexpr Option options[] = {{.flag = zone_label_flag,
                               .kind = Option::Kind::boolean,
                               .initial = "false",
                               .help = "Show one family with the zone as a label, in place of a family for each."}};

}  // namespace

extern constinit const Entry rapl;
constinit const Entry rapl{
    "rapl",     "Energy by package, core and memory.",
    true,       Entry::Runs::fast,
    make<Rapl>, layouts,
    options,    "CONFIG_POWERCAP and CONFIG_INTEL_RAPL. The counters, which are root's: CAP_DAC_READ_SEARCH."};

}  // namespace vitald::hardware
