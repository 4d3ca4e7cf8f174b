#include "collectors/disk/udev.hpp"

#include <doctest/doctest.h>

namespace udev_test {

using namespace vitald;

namespace {

disk::Udev parsed(std::string_view text) {
  disk::Udev udev;
  disk::parse_udev("E:ID_MODEL=of before\nE:ID_ATA=1\nE:ID_ATA_WRITE_CACHE=1\n", udev);
  disk::parse_udev(text, udev);
  return udev;
}

}  // namespace

TEST_SUITE("disk/udev") {
  TEST_CASE("the best serial number there is") {
    const std::string ident = "E:SCSI_IDENT_SERIAL=ident\n", brief = "E:ID_SERIAL_SHORT=short\n",
                      full = "E:ID_SERIAL=long\n";
    CHECK(parsed(full + brief + ident).serial == "ident");
    CHECK(parsed(full + brief).serial == "short");
    CHECK(parsed(full).serial == "long");
    CHECK(parsed("E:SCSI_IDENT_SERIAL=\n" + full).serial == "long");
  }

  TEST_CASE("numbers of ATA disks count only with ID_ATA, and only if they are numbers") {
    const auto cache = [](std::string_view value) {
      return parsed("E:ID_ATA=1\nE:ID_ATA_WRITE_CACHE=" + std::string(value) + "\n").ata_write_cache;
    };
    CHECK(cache("1") == 1.0);
    CHECK(cache("1.5e1") == 15.0);
    for (const char* value : {"", "abc", "1x", "nan", "-", " 1"}) CHECK_FALSE_MESSAGE(cache(value).has_value(), value);
    CHECK_FALSE(parsed("E:ID_ATA_WRITE_CACHE=1\n").ata_write_cache.has_value());
    CHECK_FALSE(parsed("E:ID_ATA=\nE:ID_ATA_WRITE_CACHE=1\n").ata_write_cache.has_value());
  }

  TEST_CASE("values are taken as they stand, the last of several; other lines are passed over") {
    CHECK(parsed("E:ID_MODEL=first\nE:ID_MODEL=second  \n").model == "second  ");
    CHECK(parsed("E:ID_MODEL=a=b").model == "a=b");
    for (const char* text : {"", "E:ID_MODEL\n", " E:ID_MODEL=x\n", "S:ID_MODEL=x\n", "\xff\xfe", "E:", "E:=\n"})
      CHECK_MESSAGE(parsed(text).model == "", text);
  }
}

}  // namespace udev_test
