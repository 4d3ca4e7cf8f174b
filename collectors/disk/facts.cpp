#include "collectors/disk/facts.hpp"

#include "collectors/base/scan.hpp"

#include <sys/stat.h>

#include <algorithm>

namespace vitald::disk {

FactsOfDevices::FactsOfDevices(const std::string& sys, const std::string& udev)
    : sys_block_(sys + "/block"), udev_(udev), file_({}), value_({}, KernelFile::Holds::value) {}

void FactsOfDevices::begin() {
  trusted_ = trusted_ || kernel_serves(sys_block_);
  ++reading_;
  next_ = 0;
}

void FactsOfDevices::end() {
  std::erase_if(known_, [this](const Known& each) { return each.reading != reading_; });
}

const Facts& FactsOfDevices::of(const Device& device) {
  bool fresh = !trusted_;
  auto& one = known(device, fresh);
  if (const auto identity = identity_of(device); fresh || identity != one.identity) {
    read_udev(one.facts.udev);
    read_rotational(device, one.facts.rotational);
    one.identity = identity;
  }
  return one.facts;
}

// Its memory; `fresh` is set where that says nothing of this device.
FactsOfDevices::Known& FactsOfDevices::known(const Device& device, bool& fresh) {
  const auto is_it = [&](const Known& each) {
    return each.name == device.name && each.minor == device.minor && each.major == device.major;
  };
  auto at = std::find_if(known_.begin() + static_cast<std::ptrdiff_t>(next_), known_.end(), is_it);
  if (at == known_.end()) at = std::find_if(known_.begin(), known_.end(), is_it);
  if (at == known_.end()) {
    fresh = true;
    at = known_.emplace(at);
    at->name = device.name;
    at->major = device.major;
    at->minor = device.minor;
  }
  fresh = fresh || device.requests < at->requests;
  at->requests = device.requests;
  at->reading = reading_;
  next_ = static_cast<std::size_t>(at - known_.begin()) + 1;
  return *at;
}

// Also leaves the path of udev's file in path_.
FactsOfDevices::Identity FactsOfDevices::identity_of(const Device& device) {
  path_.assign(udev_).append("/b").append(device.major).append(":").append(device.minor);
  struct stat about {};
  if (::stat(path_.c_str(), &about) != 0) return {};
  return {about.st_ino, static_cast<std::uint64_t>(about.st_size), about.st_mtim.tv_sec, about.st_mtim.tv_nsec};
}

// What is no plain file, or too large for one, says nothing.
void FactsOfDevices::read_udev(Udev& out) {
  file_.turn_to(path_);
  const auto text = file_.read();
  parse_udev(text ? *text : std::string_view{}, out);
}

void FactsOfDevices::read_rotational(const Device& device, Text& out) {
  out = std::string_view("0");
  path_.assign(sys_block_).append("/");
  const auto name = path_.size();
  path_.append(device.name);
  std::replace(path_.begin() + static_cast<std::ptrdiff_t>(name), path_.end(), '/', '!');  // as sysfs names cciss/c0d0
  value_.turn_to(path_.append("/queue/rotational"));
  auto text = value_.read();
  std::uint64_t number = 0;
  if (!text) return;
  const auto word = scan::take_line(*text);
  if (scan::number(word, number)) out = word;
}

}  // namespace vitald::disk
