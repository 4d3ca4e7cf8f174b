#include "collectors/hardware/hwmon_names.hpp"

#include "collectors/base/scan.hpp"

#include <algorithm>
#include <iterator>

namespace vitald::hardware {
namespace {

constexpr std::string_view known_types[] = {"beep_enable",     "cpu", "curr",      "energy", "fan", "freq",
                                            "humidity",        "in",  "intrusion", "power",  "pwm", "temp",
                                            "update_interval", "vrm"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool one_of(std::string_view text, std::initializer_list<std::string_view> all) {
  return std::ranges::find(all, text) != all.end();
}

// The unit, or nothing where numbers are shown as they are.
Meaning with_unit(std::string_view type, std::string_view property, std::string family) {
  constexpr double milli = 0.001, million = 1e6;
  const auto in = [&](const char* unit, double factor = 1, double divisor = 1) {
    return Meaning{family + unit, factor, divisor, type == "energy"};
  };
  if (type == "in" || type == "cpu") return in("_volts", milli);
  if (type == "temp" && property != "type") return in("_celsius", milli);
  if (type == "curr") return in("_amps", milli);
  if (type == "energy") return in("_joule_total", 1, million);
  if (type == "power" && property == "accuracy") return in("", 1, million);
  if (type == "power" && one_of(property, {"average_interval", "average_interval_max", "average_interval_min"}))
    return in("_seconds", milli);
  if (type == "power") return in("_watt", 1, million);
  if (type == "humidity") return in("", 1, million);
  if (type == "fan" && one_of(property, {"input", "max", "min", "target"})) return in("_rpm");
  return in("");
}

}  // namespace

std::string cleaned(std::string_view text) {
  std::string made(text);
  for (auto& c : made) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (!(c >= 'a' && c <= 'z') && !is_digit(c) && c != ':') c = '_';
  }
  return std::string(scan::trimmed(made, "_"));
}

std::string chip_of_device(std::string_view path) {
  const auto last = path.rfind('/');
  if (last == path.npos) return cleaned(path);
  const auto before = path.substr(0, last);
  const auto parent = cleaned(before.substr(before.rfind('/') + 1));
  auto device = cleaned(path.substr(last + 1));
  return parent.empty() || device.empty() ? device : parent + "_" + device;
}

std::optional<SensorFile> parse_sensor_file(std::string_view name) {
  const auto digits = std::ranges::find_if(name, is_digit);
  const auto behind = std::find_if_not(digits, name.end(), is_digit);
  const SensorFile parts{{name.begin(), digits}, {digits, behind}, {behind, name.end()}};
  if (std::ranges::find(known_types, parts.type) == std::end(known_types)) return std::nullopt;
  if (parts.property.empty()) return parts;
  if (parts.property.front() != '_' || parts.property.size() == 1) return std::nullopt;
  return SensorFile{parts.type, parts.number, parts.property.substr(1)};
}

std::optional<Meaning> meaning_of(const SensorFile& file, bool plain_too, bool labelled) {
  const auto [type, number, property] = file;
  if (property == "label") return std::nullopt;
  if (type == "beep_enable") return Meaning{"beep_enabled"};
  if (type == "vrm") return Meaning{"voltage_regulator_version"};
  if (type == "update_interval") return Meaning{"update_interval_seconds", 0.001};
  std::string family(type);
  if (property == "input" ? plain_too : !property.empty()) family.append("_").append(cleaned(property));
  if (property == "fault" || property == "alarm") return Meaning{family};
  if (property == "beep") return Meaning{family + "_enabled"};
  if (type == "freq" && property == "input")
    return labelled ? std::optional(Meaning{"freq_freq_mhz", 1, 1e6}) : std::nullopt;
  return with_unit(type, property, std::move(family));
}

bool parse_sensor(std::string_view text, double& out) {
  const auto unsigned_text = text.substr(text.starts_with('-') ? 1 : 0);
  double value = 0;
  if (!scan::number(unsigned_text, value)) return false;
  out = unsigned_text.size() < text.size() ? -value : value;
  return true;
}

}  // namespace vitald::hardware
