#pragma once
// What seldom changes about block devices: udev's properties, and whether they turn.
//
// Where the kernel itself answers below /sys, a device's facts are remembered as long as it is there under the same
// name and numbers, its counters do not fall (then another has taken its place) and udev's file is the same. Elsewhere
// they are read at each call.
#include "collectors/base/kernel_file.hpp"
#include "collectors/disk/udev.hpp"

#include <cstdint>
#include <vector>

namespace vitald::disk {

struct Device {
  std::string_view name, major, minor;
  std::uint64_t requests = 0;  // completed so far
};

struct Facts {
  Udev udev;
  Text rotational;  // "0" where unknown
};

class FactsOfDevices {
 public:
  FactsOfDevices(const std::string& sys, const std::string& udev);
  void begin();                           // a reading
  const Facts& of(const Device& device);  // good until the next call
  void end();                             // forgets the devices that were not asked for since `begin`

 private:
  struct Identity {  // of udev's file; all zero when there is none
    std::uint64_t inode = 0, size = 0;
    std::int64_t seconds = 0, nanoseconds = 0;
    bool operator==(const Identity&) const = default;
  };
  struct Known {
    Text name, major, minor;
    std::uint64_t requests = 0, reading = 0;
    Identity identity;
    Facts facts;
  };

  Known& known(const Device& device, bool& fresh);
  Identity identity_of(const Device& device);
  void read_udev(Udev& out);
  void read_rotational(const Device& device, Text& out);

  std::string sys_block_, udev_, path_;
  KernelFile file_, value_;
  std::vector<Known> known_;
  std::size_t next_ = 0;
  std::uint64_t reading_ = 0;
  bool trusted_ = false;
};

}  // namespace vitald::disk
