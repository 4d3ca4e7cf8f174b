#pragma once
// What chips and their sensors tell, and which of them to show.
#include "collectors/base/option.hpp"
#include "collectors/base/table.hpp"
#include "collectors/base/text.hpp"

namespace vitald::hardware {

struct ChipRow {
  Text chip, chip_name;
};
struct LabelRow {
  Text chip, sensor, label;
};
struct SensorRow {
  Text family, chip, sensor;
  double value = 0;
};

inline constexpr Key hwmon_chip_keys[] = {key<&ChipRow::chip>("chip"), key<&ChipRow::chip_name>("chip_name")};
inline constexpr Column hwmon_chip_columns[] = {info("hwmon_chip_names", "What a chip calls itself; always 1.")};
inline constinit const Table<ChipRow> chip_table{
    {"hwmon_chips", "/sys/class/hwmon", hwmon_chip_keys, hwmon_chip_columns}};

inline constexpr Key hwmon_label_keys[] = {key<&LabelRow::chip>("chip"), key<&LabelRow::label>("label"),
                                           key<&LabelRow::sensor>("sensor")};
inline constexpr Column hwmon_label_columns[] = {
    info("hwmon_sensor_label", "What a sensor is for, by its driver; always 1.")};
inline constinit const Table<LabelRow> label_table{
    {"hwmon_labels", "/sys/class/hwmon", hwmon_label_keys, hwmon_label_columns}};

inline constexpr Key hwmon_sensor_keys[] = {key<&SensorRow::chip>("chip"), key<&SensorRow::sensor>("sensor")};
inline constexpr Column hwmon_gauges[] = {
    open<&SensorRow::value>(Type::gauge, "hwmon_", "What a sensor says, in the name's unit.")};
inline constinit const Table<SensorRow> gauge_table{
    {"hwmon_sensors", "/sys/class/hwmon", hwmon_sensor_keys, hwmon_gauges, named<&SensorRow::family>}};
inline constexpr Column hwmon_counters[] = {open<&SensorRow::value>(Type::counter, "hwmon_", "What a sensor counted.")};
inline constinit const Table<SensorRow> counter_table{
    {"hwmon_counters", "/sys/class/hwmon", hwmon_sensor_keys, hwmon_counters, named<&SensorRow::family>}};

inline constexpr std::string_view chip_include = "collector.hwmon.chip-include",
                                  chip_exclude = "collector.hwmon.chip-exclude",
                                  sensor_include = "collector.hwmon.sensor-include",
                                  sensor_exclude = "collector.hwmon.sensor-exclude";
inline constexpr Option hwmon_options[] = {
    {.flag = chip_exclude, .kind = Option::Kind::regexp, .initial = "", .help = "Chips to leave out, by their label."},
    {.flag = chip_include,
     .kind = Option::Kind::regexp,
     .initial = "",
     .help = "Chips to show, and no others; not beside chip-exclude.",
     .excludes = chip_exclude},
    {.flag = sensor_exclude,
     .kind = Option::Kind::regexp,
     .initial = "",
     .help = "Sensors to leave out, by \"chip;sensor\"."},
    {.flag = sensor_include,
     .kind = Option::Kind::regexp,
     .initial = "",
     .help = "Sensors to show, and no others, by \"chip;sensor\"; not beside sensor-exclude.",
     .excludes = sensor_exclude},
};

}  // namespace vitald::hardware
