#include "collectors/hardware/hwmon_plan.hpp"

#include "collectors/hardware/hwmon_names.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace vitald::hardware {
namespace {

std::string first_label(const ChipFiles& chip) {
  auto label = chip_of_device(chip.device.view());
  if (label.empty()) label = cleaned(chip.name.view());
  return label.empty() ? cleaned(chip.folder.view()) : label;
}

// Chips of one device are told apart by their names, or where these are alike by their folders.
std::vector<std::string> labels_of(std::span<const ChipFiles> chips) {
  std::map<std::string, std::size_t> sharing;
  std::map<std::pair<std::string, std::string>, std::size_t> alike;
  for (const auto& chip : chips) {
    const auto label = first_label(chip);
    ++sharing[label];
    ++alike[{label, cleaned(chip.name.view())}];
  }
  std::vector<std::string> labels;
  std::set<std::string> taken;
  for (const auto& chip : chips) {
    auto label = first_label(chip);
    if (sharing[label] > 1) {
      const auto name = cleaned(chip.name.view());
      const bool tells = !name.empty() && alike[{label, name}] == 1;
      label.append("_").append(tells ? name : cleaned(chip.folder.view()));
    }
    if (!taken.insert(label).second) taken.insert(label.append("_").append(cleaned(chip.folder.view())));
    labels.push_back(std::move(label));
  }
  return labels;
}

struct Sensor {
  std::string type;
  std::optional<std::string> label;
  std::map<std::string, std::size_t> files;  // by property
};

std::string sensor_of(const SensorFile& file) {
  const auto digits = file.number.substr(std::min(file.number.find_first_not_of('0'), file.number.size()));
  return std::string(file.type).append(digits.empty() ? "0" : digits);
}

// By the sensors' names. What is in the device's folder, too, counts there: it comes later.
std::map<std::string, Sensor> sensors_of(const ChipFiles& chip) {
  std::map<std::string, Sensor> sensors;
  for (std::size_t i = 0; i < chip.files.size(); ++i) {
    const auto path = chip.files[i].path.view();
    const auto file = parse_sensor_file(path.substr(path.rfind('/') + 1));
    if (!file) continue;
    auto& sensor = sensors[sensor_of(*file)];
    sensor.type = file->type;
    sensor.files[std::string(file->property)] = i;
    if (chip.files[i].labels) sensor.label = chip.files[i].label.view();
  }
  return sensors;
}

void plan_sensor(const std::string& chip, std::size_t place, const std::string& name, const Sensor& sensor,
                 ChipPlan& out) {
  if (sensor.label) out.labels.push_back({chip, name, *sensor.label});
  const bool plain = sensor.files.contains("");
  for (const auto& [property, file] : sensor.files) {
    const auto meaning = meaning_of({sensor.type, {}, property}, plain, sensor.label.has_value());
    if (!meaning) continue;
    const bool by_label = sensor.type == "freq" && property == "input";
    out.readings.push_back({meaning->family, chip, by_label ? cleaned(*sensor.label) : name, meaning->factor,
                            meaning->divisor, meaning->counter, place, file});
  }
}

auto series(const ChipPlan::Reading& reading) {
  return std::tie(reading.counter, reading.family, reading.chip, reading.sensor);
}

}  // namespace

ChipPlan plan_of(std::span<const ChipFiles> chips, const Filter& wanted_chips, const Filter& wanted_sensors) {
  ChipPlan plan;
  const auto labels = labels_of(chips);
  for (std::size_t place = 0; place < chips.size(); ++place) {
    const auto& chip = labels[place];
    if (!wanted_chips.keeps(chip)) continue;
    if (auto name = cleaned(chips[place].name.view()); !name.empty()) plan.names.push_back({chip, std::move(name)});
    for (const auto& [name, sensor] : sensors_of(chips[place]))
      if (wanted_sensors.keeps(std::string(chip).append(";").append(name)))
        plan_sensor(chip, place, name, sensor, plan);
  }
  std::ranges::stable_sort(plan.readings, {}, series);
  const auto same = [](const auto& a, const auto& b) {
    return series(a) == series(b);
  };  // clang 14 has no ranges::unique
  plan.readings.erase(std::unique(plan.readings.begin(), plan.readings.end(), same), plan.readings.end());
  return plan;
}

}  // namespace vitald::hardware
