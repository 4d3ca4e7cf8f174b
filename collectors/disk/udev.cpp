#include "collectors/disk/udev.hpp"

#include "collectors/base/scan.hpp"

namespace vitald::disk {
namespace {

struct Property {
  std::string_view key;
  Text Udev::*member;
};
constexpr Property properties[] = {
    {"ID_MODEL", &Udev::model},          {"ID_PATH", &Udev::path},
    {"ID_REVISION", &Udev::revision},    {"ID_WWN", &Udev::wwn},
    {"ID_FS_TYPE", &Udev::fs_type},      {"ID_FS_USAGE", &Udev::fs_usage},
    {"ID_FS_UUID", &Udev::fs_uuid},      {"ID_FS_VERSION", &Udev::fs_version},
    {"DM_LV_LAYER", &Udev::dm_lv_layer}, {"DM_LV_NAME", &Udev::dm_lv_name},
    {"DM_NAME", &Udev::dm_name},         {"DM_UUID", &Udev::dm_uuid},
    {"DM_VG_NAME", &Udev::dm_vg_name},
};

constexpr std::string_view serials[] = {"SCSI_IDENT_SERIAL", "ID_SERIAL_SHORT", "ID_SERIAL"};  // best first

struct Number {
  std::string_view key;
  std::optional<double> Udev::*member;
};
constexpr Number numbers[] = {
    {"ID_ATA_ROTATION_RATE_RPM", &Udev::ata_rotation_rate},
    {"ID_ATA_WRITE_CACHE", &Udev::ata_write_cache},
    {"ID_ATA_WRITE_CACHE_ENABLED", &Udev::ata_write_cache_enabled},
};

}  // namespace

void parse_udev(std::string_view text, Udev& out) {
  out = Udev{};
  std::string_view serial[std::size(serials)], ata;
  while (!text.empty()) {
    auto value = scan::take_line(text);
    if (!value.starts_with("E:")) continue;
    value.remove_prefix(2);
    if (value.find('=') == value.npos) continue;
    const auto key = scan::take_until(value, '=');
    for (const auto& property : properties)  // of a repeated property the last one stands, as at the peer
      if (property.key == key) out.*property.member = value;
    for (std::size_t i = 0; i < std::size(serials); ++i)
      if (serials[i] == key) serial[i] = value;
    for (const auto& each : numbers) {
      double number = 0;
      if (each.key != key) continue;
      out.*each.member = scan::number(value, number) ? std::optional(number) : std::nullopt;
    }
    if (key == "ID_ATA") ata = value;
  }
  for (const auto each : serial)
    if (out.serial.empty()) out.serial = each;
  if (ata.empty()) out.ata_rotation_rate = out.ata_write_cache = out.ata_write_cache_enabled = std::nullopt;
}

}  // namespace vitald::disk
