#pragma once
// What the chips' files are, and what is made of each.
#include "collectors/base/filter.hpp"
#include "collectors/base/text.hpp"

#include <span>
#include <string>
#include <vector>

namespace vitald::hardware {

// What a look into a chip's folder, and into its device's, found.
struct ChipFiles {
  struct Found {
    Text path, label;     // below the chip's folder: "temp1_input", "device/temp1_input"; of a label file, what it says
    bool labels = false;  // whether it could be read, as such a file; what it says may be empty
  };
  Text folder;  // "hwmon0"
  Text device;  // where its link leads to; empty where there is none
  Text name;    // what its file says
  std::vector<Found> files;
};

struct ChipPlan {
  struct Named {
    std::string chip, name;
  };
  struct Labelled {
    std::string chip, sensor, label;
  };
  struct Reading {
    std::string family, chip, sensor;
    double factor, divisor;
    bool counter;
    std::size_t place, file;  // of the chip, and in its files
  };
  std::vector<Named> names;
  std::vector<Labelled> labels;
  std::vector<Reading> readings;  // in the order of families; gauges before counters
};

// No series comes twice.
ChipPlan plan_of(std::span<const ChipFiles> chips, const Filter& wanted_chips, const Filter& wanted_sensors);

}  // namespace vitald::hardware
