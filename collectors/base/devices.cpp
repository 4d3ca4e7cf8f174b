#include "collectors/base/devices.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace vitald {
namespace {

// A sysfs folder does not tell when files are added to it: what was not there is asked for again after so many looks.
constexpr unsigned looks_until_asked_again = 64;

bool out_of_means(int error) { return error == EMFILE || error == ENFILE || error == ENOMEM; }

bool never_there(int error) { return error == ENOENT || error == ENOTDIR || error == ELOOP; }
bool not_for_us(int error) { return error == EACCES || error == EPERM; }

// 0: there is no such folder.
std::uint64_t inode_of_folder(const std::string& path) {
  struct stat about {};
  return ::stat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode) ? about.st_ino : 0;
}

}  // namespace

DeviceFolder::DeviceFolder(const Environment& environment, Where where)
    : folder_(environment.roots.sys + "/" + where.below, where.most),
      file_({}, KernelFile::Holds::value),
      where_(std::move(where)),
      events_(environment.sources.uevents().watch(where_.subsystem)),
      descriptors_(&environment.sources.descriptors()) {}

DeviceFolder::DeviceFolder(DeviceFolder&&) noexcept = default;

DeviceFolder::~DeviceFolder() { clear(); }

void DeviceFolder::close_files(Device& device) {
  for (auto& file : device.files) {
    if (file >= 0) {
      ::close(file);
      descriptors_->give_back();
    }
    file = not_open;
  }
  device.known = false;
}

void DeviceFolder::clear() {
  for (auto& device : devices_) close_files(device);
  devices_.clear();
  listed_.clear();
  settled_ = false;
}

void DeviceFolder::forget() {
  for (auto& device : devices_) {
    std::ranges::replace(device.files, not_there, not_open);
    device.known = false;
  }
}

void DeviceFolder::ask_forbidden_again() {
  if (std::chrono::steady_clock::now() - forbidden_since_ < where_.forbidden_for) return;
  any_forbidden_ = false;
  for (auto& device : devices_) {
    if (std::ranges::find(device.files, forbidden) == device.files.end()) continue;
    std::ranges::replace(device.files, forbidden, not_open);
    device.known = false;
  }
}

Result<void> DeviceFolder::look() {
  const auto news = events_.news();
  if (any_forbidden_) ask_forbidden_again();
  if (++looks_ % looks_until_asked_again == 0 || news == Uevents::News::some) forget();
  if (news == Uevents::News::none && settled_ && live()) return {};
  const auto names = folder_.list();
  if (!names) {
    clear();
    return names.error();
  }
  take(*names);
  settled_ = news == Uevents::News::none;  // a removal may be told before the folder is gone: it is listed twice
  return {};
}

void DeviceFolder::take(std::span<const std::string_view> names) {
  listing_.clear();
  for (const auto name : names) listing_.append(name).push_back('/');
  if (listing_ != listed_) {
    clear();
    listed_ = listing_;
    for (const auto name : names)
      if (!where_.keeps || where_.keeps(name)) devices_.push_back({std::string(name), {}});
  }
  for (auto& device : devices_) {
    path_.assign(path()).append("/").append(device.name);
    const auto inode = inode_of_folder(path_);
    if (inode == device.inode) continue;
    close_files(device);
    device.inode = inode;
  }
}

bool DeviceFolder::gone(std::size_t device) {
  listing_.assign(path()).append("/").append(devices_[device].name);
  return inode_of_folder(listing_) != devices_[device].inode;
}

// What becomes of the descriptor that the last read left.
int DeviceFolder::kept_of(bool was_open, bool keep) {
  const int file = file_.hand_over();
  if (file < 0 && was_open) descriptors_->give_back();
  if (file < 0) return not_open;
  if (was_open || (keep && descriptors_->take())) return file;
  ::close(file);
  return not_open;
}

Result<std::optional<std::string_view>> DeviceFolder::read(std::size_t device, const File& file) {
  auto& files = devices_[device].files;
  if (files.size() <= file.place) files.resize(file.place + 1, not_open);
  auto& kept = files[file.place];
  if (kept == not_there || kept == forbidden) return std::nullopt;
  const bool was_open = kept >= 0;
  path_.assign(path()).append("/").append(devices_[device].name).append("/").append(file.name);
  file_.turn_to(path_, kept);
  const auto text = file_.read();
  kept = kept_of(was_open, file.kept);
  if (!text) {
    const auto& code = text.error().code;
    if (code.category() != boost::system::system_category() || out_of_means(code.value())) return text.error();
    if (was_open) settled_ = false;  // gone, or going: look again
    if (live() && never_there(code.value())) kept = not_there;
    if (live() && not_for_us(code.value())) {
      kept = forbidden;
      if (!std::exchange(any_forbidden_, true)) forbidden_since_ = std::chrono::steady_clock::now();
    }
    return std::nullopt;
  }
  if (!live() && file.ended && !text->empty() && text->back() != '\n') return fault(Parse::truncated);
  const auto value =
      scan::trimmed(file.as_told ? text->substr(0, most_of_text) : *text, file.blanks ? "\n" : " \t\r\n");
  const bool as_told = file.as_told && !text->empty();  // the kernel ends even an empty text
  if (!as_told && (value.empty() || value == "<unknown>")) return std::nullopt;
  return value;
}

}  // namespace vitald
