#pragma once
// What udev's database says of a block device (/run/udev/data/b<major>:<minor>).
#include "collectors/base/text.hpp"

#include <optional>

namespace vitald::disk {

struct Udev {  // empty where it says nothing
  Text model, path, revision, serial, wwn;
  Text fs_type, fs_usage, fs_uuid, fs_version;
  Text dm_lv_layer, dm_lv_name, dm_name, dm_uuid, dm_vg_name;
  std::optional<double> ata_rotation_rate, ata_write_cache, ata_write_cache_enabled;
};

// Everything of `out` is replaced. Lines that are no property are not for us, so no text is wrong.
void parse_udev(std::string_view text, Udev& out);

}  // namespace vitald::disk
