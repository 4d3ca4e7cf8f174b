// An interface from its folder below /sys/class/net.
#include "collectors/base/attribute.hpp"
#include "collectors/network/interface.hpp"

#include <net/if.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace vitald::network {

bool parse_hexadecimal(std::string_view text, Number& out) {
  if (!text.starts_with("0x")) return false;
  text.remove_prefix(2);
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return false;
  out = value;
  return true;
}

bool parse_speed(std::string_view text, Number& out) {
  std::int64_t megabits = 0;  // before Linux 4.6 an unknown one is 4294967295, and not -1
  if (!scan::number(text, megabits) || megabits < INT32_MIN || megabits > UINT32_MAX) return false;
  out = megabits * 1'000'000 / 8;
  return true;
}

bool parse_word(std::string_view text, Text& out) {
  if (!std::ranges::all_of(text, [](char c) { return c >= 'a' && c <= 'z'; })) return false;
  out = text;
  return true;
}

namespace {

// "02:fc:00:00:00:01", of any length; empty for a device that has none.
bool parse_address(std::string_view text, Text& out) {
  constexpr std::string_view digits = "0123456789abcdef:";
  if (text.find_first_not_of(digits) != text.npos) return false;
  out = text;
  return true;
}

template <Text Interface::*Member, bool (*Parse)(std::string_view, Text&)>
bool store_text(const Attribute&, std::string_view text, void* row) {
  return Parse(text, static_cast<Interface*>(row)->*Member);
}
template <Number Interface::*Member, bool (*Parse)(std::string_view, Number&)>
bool store_number(const Attribute&, std::string_view text, void* row) {
  return Parse(text, static_cast<Interface*>(row)->*Member);
}
bool store_state(const Attribute&, std::string_view text, void* row) {
  auto& out = *static_cast<Interface*>(row);
  out.up = text == "up";
  return parse_word(text, out.operstate);
}
bool store_flags(const Attribute&, std::string_view text, void* row) {
  auto& out = *static_cast<Interface*>(row);
  if (!parse_hexadecimal(text, out.flags)) return false;
  out.adminstate = (*out.flags & IFF_UP) != 0 ? "up" : "down";
  return true;
}

constexpr Attribute attributes[] = {
    number<&Interface::address_assign_type>("addr_assign_type"),
    {"address", &store_text<&Interface::address, parse_address>},
    {"broadcast", &store_text<&Interface::broadcast, parse_address>},
    number<&Interface::carrier>("carrier"),
    number<&Interface::carrier_changes>("carrier_changes"),
    number<&Interface::carrier_down>("carrier_down_count"),
    number<&Interface::carrier_up>("carrier_up_count"),
    {"dev_id", &store_number<&Interface::device_id, parse_hexadecimal>},
    number<&Interface::dormant>("dormant"),
    {"duplex", &store_text<&Interface::duplex, parse_word>},
    {"flags", &store_flags},
    text<&Interface::ifalias>("ifalias").or_nothing(),  // somebody's remark
    number<&Interface::index>("ifindex"),
    number<&Interface::link>("iflink"),
    number<&Interface::link_mode>("link_mode"),
    number<&Interface::mtu>("mtu"),
    number<&Interface::name_assign_type>("name_assign_type"),
    number<&Interface::group>("netdev_group"),
    {"operstate", &store_state},
    {"speed", &store_number<&Interface::speed, parse_speed>},
    number<&Interface::queue_length>("tx_queue_len"),
    number<&Interface::type>("type"),
};

bool out_of_means(int error) { return error == EMFILE || error == ENFILE || error == ENOMEM; }

Result<std::optional<std::string_view>> told(const Result<std::string_view>& text) {
  if (!text) {
    const auto& code = text.error().code;
    if (code.category() != boost::system::system_category() || out_of_means(code.value())) return text.error();
    return std::nullopt;  // not there, not allowed, or the driver has no answer now
  }
  const auto value = peer_text(*text);
  if (value.empty()) return std::nullopt;
  return value;
}

}  // namespace

InterfaceFiles::InterfaceFiles(const Environment& environment)
    : folder_(environment.roots.sys + "/class/net/"),
      file_({}, KernelFile::Holds::value),
      descriptors_(environment.sources.descriptors()) {}

bool InterfaceFiles::is_folder(std::string_view name, std::string_view below) {
  struct stat about {};
  path_.assign(folder_).append(name).append(below);
  return ::stat(path_.c_str(), &about) == 0 && S_ISDIR(about.st_mode);
}

Result<bool> InterfaceFiles::read(std::string_view name, Interface& out) {
  if (!is_folder(name)) return false;
  out = Interface{};
  out.device = name;
  out.adminstate = "unknown";
  for (const auto& attribute : attributes)
    if (const auto done = store(name, attribute, out); !done) return done.error();
  return true;
}

Result<void> InterfaceFiles::read_unsaid(std::string_view name, Interface& out) {
  for (const auto& attribute : attributes) {
    const auto file = attribute.file;
    if (file != "addr_assign_type" && file != "dev_id" && file != "name_assign_type") continue;
    if (const auto done = store(name, attribute, out); !done) return done;
  }
  return {};
}

Result<void> InterfaceFiles::store(std::string_view name, const Attribute& attribute, Interface& out) {
  const auto text = read(name, attribute.file);
  if (!text) return attribute.lenient ? Result<void>() : text.error();
  if (*text && !attribute.store(attribute, **text, &out)) return not_understood();
  return {};
}

Result<std::optional<std::string_view>> InterfaceFiles::read(std::string_view name, std::string_view file) {
  path_.assign(folder_).append(name).append("/").append(file);
  file_.turn_to(path_);
  return told(file_.read());
}

Result<std::optional<std::string_view>> InterfaceFiles::read(std::string_view name, std::string_view file, int& kept) {
  path_.assign(folder_).append(name).append("/").append(file);
  file_.turn_to(path_, kept);
  const bool counted = std::exchange(kept, -1) >= 0;
  const auto text = told(file_.read());
  kept = file_.hand_over();
  if (kept < 0 && counted) descriptors_.give_back();
  if (kept >= 0 && !counted && !descriptors_.take()) ::close(std::exchange(kept, -1));
  return text;
}

void InterfaceFiles::close(int& kept) {
  if (kept < 0) return;
  ::close(std::exchange(kept, -1));
  descriptors_.give_back();
}

}  // namespace vitald::network
