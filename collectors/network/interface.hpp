#pragma once
// A network interface as the collector netclass shows it, and the ways to read one.
#include "collectors/base/attribute.hpp"
#include "collectors/base/collector.hpp"
#include "collectors/base/kernel_file.hpp"
#include "collectors/base/link.hpp"

#include <cstdint>
#include <optional>

namespace vitald::network {

using Number = std::optional<std::int64_t>;  // none: the kernel does not say, as of a carrier while the device is down

// For the comparison below: clang finds Text's with a string_view ambiguous for two of them.
template <std::same_as<Text> Other>
bool operator==(const Text& a, const Other& b) {
  return a.view() == b.view();
}

struct Interface {
  Text device, address, adminstate, broadcast, duplex, ifalias, operstate;
  std::uint64_t up = 0;
  Number address_assign_type, carrier, carrier_changes, carrier_down, carrier_up, device_id, dormant, flags, index;
  Number link, link_mode, mtu, name_assign_type, group, type, speed, queue_length;  // speed: bytes a second

  bool operator==(const Interface&) const = default;
};

// Reads the files of /sys/class/net.
class InterfaceFiles {
 public:
  explicit InterfaceFiles(const Environment& environment);

  // All of an interface's files, one after the other. False: there is no such folder.
  Result<bool> read(std::string_view name, Interface& out);
  // One of them, without the blanks around it; none when the kernel says nothing there. `kept` is the descriptor by
  // which it was read the last time, or -1.
  Result<std::optional<std::string_view>> read(std::string_view name, std::string_view file, int& kept);
  Result<std::optional<std::string_view>> read(std::string_view name, std::string_view file);
  void close(int& kept);
  // Those three that no message tells and that change seldom: where address and name came from, and `dev_id`.
  Result<void> read_unsaid(std::string_view name, Interface& out);
  bool is_folder(std::string_view name, std::string_view below = {});
  Fault not_understood() const { return {Parse::unknown_layout, file_.path()}; }  // what was read last

 private:
  Result<void> store(std::string_view name, const Attribute& attribute, Interface& out);

  std::string folder_, path_;
  KernelFile file_;
  Descriptors& descriptors_;
};

bool parse_speed(std::string_view text, Number& out);        // the file `speed`, in Mbit/s
bool parse_word(std::string_view text, Text& out);           // lower-case letters, as in `duplex` and `operstate`
bool parse_hexadecimal(std::string_view text, Number& out);  // "0x1003"

// As the files of /sys would say it, but for what no message tells: speed, duplex, where name and address came from,
// and the device's own number.
void fill_as_files(const netlink::Link& link, Interface& out);
// As the peer shows messages: other flags, and numbers of a device that is down, too.
void fill_as_message(const netlink::Link& link, Interface& out);

}  // namespace vitald::network
