// Vendor, product and firmware of the machine, from /sys/class/dmi/id.
#include "collectors/hardware/dmi.hpp"

#include "collectors/base/attribute.hpp"
#include "collectors/base/collector.hpp"
#include "collectors/base/kernel_dir.hpp"
#include "collectors/base/kernel_file.hpp"
#include "collectors/base/utf8.hpp"

namespace vitald::hardware {

// ---- parse: text -> rows

void parse_dmi(std::string_view text, OptionalText& out) {
  text = peer_text(text);
  out = std::string_view();
  bool bad = false;  // of bytes that are not UTF-8 the peer shows one for each run
  while (!text.empty()) {
    const auto taken = utf8::next(text);
    const bool valid = utf8::valid(taken);
    if (valid || !bad) out += taken;
    bad = !valid;
    text.remove_prefix(taken.size());
  }
}

// ---- describe: rows -> families, JSON, handbook

namespace {

struct Machine {
  OptionalText bios_date, bios_release, bios_vendor, bios_version;
  OptionalText board_asset_tag, board_name, board_serial, board_vendor, board_version;
  OptionalText chassis_asset_tag, chassis_serial, chassis_vendor, chassis_version;
  OptionalText product_family, product_name, product_serial, product_sku, product_uuid, product_version;
  OptionalText system_vendor;
};

constexpr Key keys[] = {
    key<&Machine::bios_date>("bios_date"),
    key<&Machine::bios_release>("bios_release"),
    key<&Machine::bios_vendor>("bios_vendor"),
    key<&Machine::bios_version>("bios_version"),
    key<&Machine::board_asset_tag>("board_asset_tag"),
    key<&Machine::board_name>("board_name"),
    key<&Machine::board_serial>("board_serial"),
    key<&Machine::board_vendor>("board_vendor"),
    key<&Machine::board_version>("board_version"),
    key<&Machine::chassis_asset_tag>("chassis_asset_tag"),
    key<&Machine::chassis_serial>("chassis_serial"),
    key<&Machine::chassis_vendor>("chassis_vendor"),
    key<&Machine::chassis_version>("chassis_version"),
    key<&Machine::product_family>("product_family"),
    key<&Machine::product_name>("product_name"),
    key<&Machine::product_serial>("product_serial"),
    key<&Machine::product_sku>("product_sku"),
    key<&Machine::product_uuid>("product_uuid"),
    key<&Machine::product_version>("product_version"),
    key<&Machine::system_vendor>("system_vendor"),
};
constexpr Column columns[] = {info("dmi_info", "What the machine's firmware says of it, as far as it may be read.")};
constinit const Table<Machine> table{{"dmi", "/sys/class/dmi/id", keys, columns}};

struct File {
  std::string_view name;
  OptionalText Machine::*member;
};
constexpr File files[] = {
    {"bios_date", &Machine::bios_date},
    {"bios_release", &Machine::bios_release},
    {"bios_vendor", &Machine::bios_vendor},
    {"bios_version", &Machine::bios_version},
    {"board_asset_tag", &Machine::board_asset_tag},
    {"board_name", &Machine::board_name},
    {"board_serial", &Machine::board_serial},
    {"board_vendor", &Machine::board_vendor},
    {"board_version", &Machine::board_version},
    {"chassis_asset_tag", &Machine::chassis_asset_tag},
    {"chassis_serial", &Machine::chassis_serial},
    {"chassis_vendor", &Machine::chassis_vendor},
    {"chassis_version", &Machine::chassis_version},
    {"product_family", &Machine::product_family},
    {"product_name", &Machine::product_name},
    {"product_serial", &Machine::product_serial},
    {"product_sku", &Machine::product_sku},
    {"product_uuid", &Machine::product_uuid},
    {"product_version", &Machine::product_version},
    {"sys_vendor", &Machine::system_vendor},
};

// ---- read: kernel -> text

class Dmi final : public Collector {
 public:
  explicit Dmi(const Environment& environment)
      : folder_(environment.roots.sys + "/class/dmi/id"), file_({}, KernelFile::Holds::value) {}

  Result<void> collect(Page& page) override {
    if (!known_) {
      if (const auto found = read_all(page); !found) return found;
    }
    page.sheet(table).next() = machine_;
    return {};
  }

 private:
  Result<void> read_all(Page& page) {
    const auto names = folder_.list();
    if (!names && state_of(names.error()) != State::absent) return names.error();
    if (!names) page.lacking = names.error();
    if (!names || names->empty()) return Fault{Parse::no_data, folder_.path()};
    machine_ = Machine{};
    bool told = false;
    for (const auto& file : files) {
      path_.assign(folder_.path()).append("/").append(file.name);
      file_.turn_to(path_);
      const auto text = file_.read();
      if (text) parse_dmi(*text, machine_.*file.member);
      told = told || text;
    }
    file_.turn_to({});
    if (!told) return Fault{Parse::no_data, folder_.path()};
    known_ = folder_.live();  // the firmware's own tables: the kernel reads them once, when it starts
    return {};
  }

  KernelDir folder_;
  KernelFile file_;
  std::string path_;
  Machine machine_;
  bool known_ = false;
};

constexpr const Layout* layouts[] = {&table};

}  // namespace

extern constinit const Entry dmi;
constinit const Entry dmi{.name = "dmi",
                          .about = "Vendor, product and firmware of the machine.",
                          .on_by_default = true,
                          .runs = Entry::Runs::fast,
                          .make = make<Dmi>,
                          .layouts = layouts,
                          .needs = "CONFIG_DMIID. Serial numbers and the UUID, which are root's: CAP_DAC_READ_SEARCH."};

}  // namespace vitald::hardware
