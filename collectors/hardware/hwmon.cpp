// Sensors of the machine's chips, from /sys/class/hwmon.
#include "collectors/base/devices.hpp"
#include "collectors/hardware/hwmon_names.hpp"
#include "collectors/hardware/hwmon_plan.hpp"
#include "collectors/hardware/hwmon_tables.hpp"

#include <limits.h>
#include <stdlib.h>

namespace vitald::hardware {
namespace {

constexpr std::size_t most_files = 4096;  // of a chip

// ---- read: kernel -> rows

// True when it was another.
bool put(Text& kept, std::string_view now) {
  if (kept == now) return false;
  kept = now;
  return true;
}

class Hwmon final : public Collector {
 public:
  explicit Hwmon(const Environment& environment)
      : folder_(environment, {.below = "class/hwmon", .subsystem = "hwmon"}),
        chips_wanted_(environment.options, chip_include, chip_exclude),
        sensors_wanted_(environment.options, sensor_include, sensor_exclude) {}

  Result<void> collect(Page& page) override {
    if (const auto looked = folder_.look(); !looked) return looked;
    if (const auto surveyed = survey(); !surveyed) return surveyed;
    show_names(page);
    for (const auto& reading : plan_.readings) {
      const auto device = devices_[reading.place];
      const auto text = folder_.read(
          device, {reading.file + 1, chips_[reading.place].files[reading.file].path.view(), false, true, true});
      double number = 0;
      if (!text || !*text || !parse_sensor((*text)->substr(0, most_of_text), number)) continue;
      auto& row = page.sheet(reading.counter ? counter_table : gauge_table).next();
      row.family = reading.family;
      row.chip = reading.chip;
      row.sensor = reading.sensor;
      row.value = number * reading.factor / reading.divisor;
    }
    return {};
  }

 private:
  // What the chips' files are. Of the kernel's own folders that is asked when something changed, of a copy each time.
  Result<void> survey() {
    std::size_t count = 0;
    bool changed = false;
    for (std::size_t device = 0; device < folder_.size(); ++device) {
      if (!folder_.there(device)) continue;
      const auto place = count++;
      if (chips_.size() < count) chips_.emplace_back();
      if (devices_.size() < count) devices_.push_back(device);
      const bool moved =
          std::exchange(devices_[place], device) != device || chips_[place].folder != folder_.name(device);
      if (folder_.known(device) && !moved) continue;
      const auto other = survey(device, chips_[place]);
      if (!other) return other.error();
      if (*other) folder_.begin_anew(device);
      changed = changed || moved || *other;
      folder_.learned(device);
    }
    if (!changed && count == chips_.size() && planned_) return {};
    chips_.resize(count);
    devices_.resize(count);
    plan_ = plan_of(chips_, chips_wanted_, sensors_wanted_);
    planned_ = true;
    return {};
  }

  // True when it is not as it was.
  Result<bool> survey(std::size_t device, ChipFiles& chip) {
    path_.assign(folder_.path()).append("/").append(folder_.name(device)).append("/device");
    char target[PATH_MAX];
    const bool linked = ::realpath(path_.c_str(), target) != nullptr;
    bool changed = put(chip.folder, folder_.name(device));
    changed = put(chip.device, linked ? std::string_view(target) : std::string_view{}) || changed;
    const auto name = folder_.read(device, {0, "name", false, false});
    changed = put(chip.name, name && *name ? (*name)->substr(0, most_of_text) : std::string_view{}) || changed;
    std::size_t count = 0;
    for (const bool of_device : {false, true}) {
      const auto listed = survey(device, of_device, chip, count);
      if (!listed) return listed;
      changed = changed || *listed;
    }
    changed = changed || chip.files.size() != count;
    chip.files.resize(count);
    if (folder_.live()) lists_.clear();
    return changed;
  }

  Result<bool> survey(std::size_t device, bool of_device, ChipFiles& chip, std::size_t& count) {
    auto& folder = list_of(device, of_device);
    const auto names = folder.list();
    if (!names && names.error().code == Parse::too_large) return names.error();
    if (!names) return false;  // gone, or there is no device
    bool changed = false;
    for (const auto name : *names) {
      if (!parse_sensor_file(name)) continue;
      if (chip.files.size() <= count) chip.files.emplace_back(), changed = true;
      auto& file = chip.files[count++];
      path_.assign(of_device ? "device/" : "").append(name);
      changed = put(file.path, path_) || changed;
      std::optional<std::string_view> label;
      if (name.ends_with("_label"))
        if (const auto text =
                folder_.read(device, {.place = count, .name = path_, .kept = false, .blanks = true, .as_told = true});
            text)
          label = *text;
      changed = std::exchange(file.labels, label.has_value()) != label.has_value() || changed;
      changed = put(file.label, label.value_or("")) || changed;
    }
    return changed;
  }

  // Of a copy they are kept, so that looking again costs no memory; of the kernel's own they would hold descriptors.
  KernelDir& list_of(std::size_t device, bool of_device) {
    const auto at = 2 * device + (of_device ? 1 : 0);
    if (lists_.size() <= at) lists_.resize(at + 1);
    path_.assign(folder_.path()).append("/").append(folder_.name(device)).append(of_device ? "/device" : "");
    if (!lists_[at] || lists_[at]->path() != path_) lists_[at] = std::make_unique<KernelDir>(path_, most_files);
    return *lists_[at];
  }

  void show_names(Page& page) {
    auto& names = page.sheet(chip_table);
    for (const auto& each : plan_.names) {
      auto& row = names.next();
      row.chip = each.chip;
      row.chip_name = each.name;
    }
    auto& labels = page.sheet(label_table);
    for (const auto& each : plan_.labels) {
      auto& row = labels.next();
      row.chip = each.chip;
      row.sensor = each.sensor;
      row.label = each.label;
    }
  }

  DeviceFolder folder_;
  Filter chips_wanted_, sensors_wanted_;
  std::vector<std::unique_ptr<KernelDir>> lists_;
  std::vector<ChipFiles> chips_;
  std::vector<std::size_t> devices_;  // of the folder, for each chip
  ChipPlan plan_;
  std::string path_;
  bool planned_ = false;
};

constexpr const Layout* layouts[] = {&chip_table, &label_table, &gauge_table, &counter_table};

}  // namespace

extern constinit const Entry hwmon;
constinit const Entry hwmon{"hwmon",       "Sensors of chips.",
                            true,          Entry::Runs::slow,
                            make<Hwmon>,   layouts,
                            hwmon_options, "CONFIG_HWMON, and drivers for the chips."};

}  // namespace vitald::hardware
