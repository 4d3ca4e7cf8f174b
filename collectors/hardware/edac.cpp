// Memory errors that the memory controllers corrected or could not, from /sys/devices/system/edac.
#include "collectors/hardware/edac.hpp"

#include "collectors/base/by_name.hpp"
#include "collectors/base/fill.hpp"

#include <array>

namespace vitald::hardware {

// ---- parse: text -> rows

void parse_dimm_label(std::string_view text, Text& out) {
  out.clear();
  while (!text.empty()) {
    for (const std::string_view word : {"csrow", "channel"})
      if (text.starts_with(word)) out += '_';
    if (text.front() != '#') out += text.front();
    text.remove_prefix(1);
  }
  if (out.empty()) out = "unknown";
}

// ---- describe: rows -> families, JSON, handbook

namespace {

struct Controller {
  Text controller;
  std::uint64_t correctable = 0, uncorrectable = 0;
  std::uint64_t correctable_nowhere = 0, uncorrectable_nowhere = 0;  // of a row that is not known
};
constexpr Key keys[] = {key<&Controller::controller>("controller")};
constexpr Column columns[] = {
    counter<&Controller::correctable>("edac_correctable_errors_total", "Memory errors that were corrected."),
    counter<&Controller::uncorrectable>("edac_uncorrectable_errors_total", "Memory errors that were not corrected."),
};
constinit const Table<Controller> table{{"edac", "/sys/devices/system/edac/mc", keys, columns}};

struct Row {
  Text controller, csrow;
  std::uint64_t correctable = 0, uncorrectable = 0;
};
constexpr Key row_keys[] = {key<&Row::controller>("controller"), key<&Row::csrow>("csrow")};
constexpr Column row_columns[] = {
    counter<&Row::correctable>("edac_csrow_correctable_errors_total", "Memory errors of a row that were corrected."),
    counter<&Row::uncorrectable>("edac_csrow_uncorrectable_errors_total",
                                 "Memory errors of a row that were not corrected."),
};
constinit const Table<Row> row_table{{"edac_rows", "/sys/devices/system/edac/mc", row_keys, row_columns}};

struct Channel {
  Text channel, controller, csrow, dimm_label;
  std::uint64_t correctable = 0;
  std::optional<std::uint64_t> uncorrectable;
};
constexpr Key channel_keys[] = {key<&Channel::channel>("channel"), key<&Channel::controller>("controller"),
                                key<&Channel::csrow>("csrow"), key<&Channel::dimm_label>("dimm_label")};
constexpr Column channel_columns[] = {
    counter<&Channel::correctable>("edac_channel_correctable_errors_total",
                                   "Memory errors of a row's channel that were corrected."),
    counter<&Channel::uncorrectable>("edac_channel_uncorrectable_errors_total",
                                     "Memory errors of a row's channel that were not corrected."),
};
constinit const Table<Channel> channel_table{
    {"edac_channels", "/sys/devices/system/edac/mc", channel_keys, channel_columns}};

// ---- read: files -> rows

constexpr Attribute controller_files[] = {
    number<&Controller::correctable>("ce_count").required(),
    number<&Controller::uncorrectable>("ue_count").required(),
    number<&Controller::correctable_nowhere>("ce_noinfo_count").required(),
    number<&Controller::uncorrectable_nowhere>("ue_noinfo_count").required(),
};
constexpr Attribute row_files[] = {
    number<&Row::correctable>("ce_count").required(),
    number<&Row::uncorrectable>("ue_count").required(),
};

struct ChannelFiles {
  std::string_view number, correctable, uncorrectable, label;
};
constexpr ChannelFiles channels[] = {
    // the kernel has no more (drivers/edac/edac_mc_sysfs.c)
    {"0", "ch0_ce_count", "ch0_ue_count", "ch0_dimm_label"},
    {"1", "ch1_ce_count", "ch1_ue_count", "ch1_dimm_label"},
    {"2", "ch2_ce_count", "ch2_ue_count", "ch2_dimm_label"},
    {"3", "ch3_ce_count", "ch3_ue_count", "ch3_dimm_label"},
    {"4", "ch4_ce_count", "ch4_ue_count", "ch4_dimm_label"},
    {"5", "ch5_ce_count", "ch5_ue_count", "ch5_dimm_label"},
    {"6", "ch6_ce_count", "ch6_ue_count", "ch6_dimm_label"},
    {"7", "ch7_ce_count", "ch7_ue_count", "ch7_dimm_label"},
    {"8", "ch8_ce_count", "ch8_ue_count", "ch8_dimm_label"},
    {"9", "ch9_ce_count", "ch9_ue_count", "ch9_dimm_label"},
    {"10", "ch10_ce_count", "ch10_ue_count", "ch10_dimm_label"},
    {"11", "ch11_ce_count", "ch11_ue_count", "ch11_dimm_label"},
    {"12", "ch12_ce_count", "ch12_ue_count", "ch12_dimm_label"},
    {"13", "ch13_ce_count", "ch13_ue_count", "ch13_dimm_label"},
    {"14", "ch14_ce_count", "ch14_ue_count", "ch14_dimm_label"},
    {"15", "ch15_ce_count", "ch15_ue_count", "ch15_dimm_label"},
};

bool is_numbered(std::string_view name, std::string_view prefix) {
  std::uint32_t number = 0;
  return numbered(name, prefix, number);
}

class Edac final : public Collector {
 public:
  explicit Edac(const Environment& environment)
      : environment_(environment),
        controllers_(environment, {.below = "devices/system/edac/mc",
                                   .keeps = [](std::string_view name) { return is_numbered(name, "mc"); }}) {}

  Result<void> collect(Page& page) override {
    auto& sheet = page.sheet(table);
    auto& rows = page.sheet(row_table);
    auto& of_channels = page.sheet(channel_table);
    const auto looked = controllers_.look();
    if (const auto done = or_lacking(looked, page); !done) return done;
    rows_.begin();
    for (std::size_t i = 0; looked && i < controllers_.size(); ++i) {
      if (!controllers_.there(i)) continue;
      auto& controller = sheet.next();
      controller.controller = controllers_.name(i).substr(2);
      if (const auto filled = fill(controllers_, i, controller_files, &controller); !filled) return filled;
      auto& unknown = rows.next();
      unknown.controller = controller.controller;
      unknown.csrow = "unknown";
      unknown.correctable = controller.correctable_nowhere;
      unknown.uncorrectable = controller.uncorrectable_nowhere;
      if (const auto done = read_rows(controllers_.name(i), rows, of_channels); !done) return done;
    }
    rows_.end();
    return {};
  }

 private:
  Result<void> read_rows(std::string_view name, Sheet<Row>& rows, Sheet<Channel>& of_channels) {
    auto& folder = rows_.of(name, [&] {
      return DeviceFolder(environment_, {.below = std::string("devices/system/edac/mc/").append(name),
                                         .keeps = [](std::string_view each) { return is_numbered(each, "csrow"); }});
    });
    if (const auto looked = folder.look(); !looked) return looked;
    for (std::size_t i = 0; i < folder.size(); ++i) {
      if (!folder.there(i)) continue;
      auto& row = rows.next();
      row.controller = name.substr(2);
      row.csrow = folder.name(i).substr(5);
      if (const auto filled = fill(folder, i, row_files, &row); !filled) return filled;
      for (std::size_t channel = 0; channel < std::size(channels); ++channel)
        if (const auto done = read_channel(folder, i, channel, row, of_channels); !done) return done;
    }
    return {};
  }

  static Result<void> read_channel(DeviceFolder& folder, std::size_t device, std::size_t channel, const Row& of,
                                   Sheet<Channel>& out) {
    const auto& files = channels[channel];
    const auto place = std::size(row_files) + 3 * channel;
    const auto correctable = folder.read(device, {place, files.correctable});
    if (!correctable) return correctable.error();
    if (!*correctable) return {};
    auto& row = out.next();
    row.channel = files.number;
    row.controller = of.controller;
    row.csrow = of.csrow;
    row.dimm_label = "unknown";
    if (!scan::number(**correctable, row.correctable)) return folder.fault(Parse::not_a_number);
    const auto uncorrectable = folder.read(device, {place + 1, files.uncorrectable});
    if (!uncorrectable) return uncorrectable.error();
    if (std::uint64_t count = 0; *uncorrectable) {
      if (!scan::number(**uncorrectable, count)) return folder.fault(Parse::not_a_number);
      row.uncorrectable = count;
    }
    const auto label = folder.read(device, {place + 2, files.label});
    if (label && *label) parse_dimm_label(**label, row.dimm_label);
    return {};
  }

  Environment environment_;
  DeviceFolder controllers_;
  ByName<DeviceFolder> rows_;
};

constexpr const Layout* layouts[] = {&table, &row_table, &channel_table};

}  // namespace

extern constinit const Entry edac;
constinit const Entry edac{
    "edac",     "Memory errors.",
    true,       Entry::Runs::fast,
    make<Edac>, layouts,
    {},         "CONFIG_EDAC, a driver for the memory controller, and memory that corrects errors."};

}  // namespace vitald::hardware
