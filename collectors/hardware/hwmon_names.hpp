#pragma once
// Names of chips, sensors and families, made of the names that drivers give
// their files.
#include <optional>
#include <string>
#include <string_view>

namespace vitald::hardware {

// Lower case letters, digits, ':' and '_'; all else becomes '_', and none
// stands at the ends.
std::string cleaned(std::string_view text);

// "/sys/devices/platform/coretemp.0" -> "platform_coretemp_0": the bus or
// parent, and the device.
std::string chip_of_device(std::string_view path);

// "temp1_max_alarm" -> "temp", "1", "max_alarm"
struct SensorFile {
  std::string_view type, number, property;
};
std::optional<SensorFile> parse_sensor_file(std::string_view name);  // nothing: no sensor's

// What a file's number means.
struct Meaning {
  std::string family;              // "temp_crit_celsius"
  double factor = 1, divisor = 1;  // as the peer does it: the last digit depends on it
  bool counter = false;
};
// `plain_too`: the sensor has a file without a property beside its "input".
// Nothing for frequencies without a label.
std::optional<Meaning> meaning_of(const SensorFile& file, bool plain_too, bool labelled);

// A decimal number with a sign, as drivers write it.
bool parse_sensor(std::string_view text, double& out);

}  // namespace vitald::hardware
