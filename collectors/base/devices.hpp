#pragma once
// A folder of devices, each a folder of files that hold one value: most of /sys/class.
//
// Where the kernel itself answers, files stay open (as many as Descriptors allows), what is not there is not asked for
// again at once, and the folder is listed anew only when an event, or the want of events, says so. A copy is listed
// and read anew each time.
#include "collectors/base/attribute.hpp"
#include "collectors/base/collector.hpp"
#include "collectors/base/kernel_dir.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

namespace vitald {

// Without rows: for collectors whose attributes are no table.
class DeviceFolder {
 public:
  static constexpr std::size_t most_of_all = 65536;
  struct Where {
    std::string below;                // of the root of /sys: "class/watchdog"
    std::string_view subsystem = {};  // as uevents name it: "watchdog"; empty: there are no events
    std::size_t most = 4096;          // entries; more are a fault
    std::function<bool(std::string_view name)> keeps = {};  // asked once for each name; none: all
    // How long a file that is forbidden is not asked for: chmod(1) sends no event, and who lets us in looks soon.
    std::chrono::steady_clock::duration forbidden_for = std::chrono::seconds(10);
  };

  DeviceFolder(const Environment& environment, Where where);
  ~DeviceFolder();
  DeviceFolder(DeviceFolder&&) noexcept;
  DeviceFolder& operator=(DeviceFolder&&) = delete;

  // To be called at the start of each reading: which entries there are, in the order of their names. A Fault is that of
  // the folder itself.
  Result<void> look();
  std::size_t size() const { return devices_.size(); }
  std::string_view name(std::size_t device) const { return devices_[device].name; }
  bool there(std::size_t device) const { return devices_[device].inode != 0; }  // false: it is no folder, or gone

  // Whether what was read once of it still holds; `learned` says that it was read.
  bool known(std::size_t device) const { return devices_[device].known; }
  void learned(std::size_t device) { devices_[device].known = live(); }

  struct File {
    std::size_t place;  // its own number, from 0 without gaps
    std::string_view name;
    bool ended = false;   // a table, by a newline; without one a copy was cut
    bool kept = true;     // open
    bool blanks = false;  // at the ends are part of it
    bool as_told = false;
  };
  // The text without the blanks around it, good until the next call; none when the file has nothing to tell: it is not
  // there, forbidden, its driver has no answer now, or it is blank or "<unknown>". As told the last two are texts, of
  // which no more than the first 128 bytes count, as at the peer.
  Result<std::optional<std::string_view>> read(std::size_t device, const File& file);
  // Whether the last read found that there is no such file, or none for us, and will not ask for it again at once.
  bool absent(std::size_t device, std::size_t place) const {
    const int file = devices_[device].files[place];
    return file == not_there || file == forbidden;
  }
  bool gone(std::size_t device);                                          // asks whether its folder is there still
  void begin_anew(std::size_t device) { close_files(devices_[device]); }  // its files have other places now
  Fault fault(Parse code) const { return {code, file_.path()}; }          // of the file that was read last

  bool live() const { return folder_.live(); }
  const std::string& path() const { return folder_.path(); }

 private:
  static constexpr int not_open = -1, not_there = -2, forbidden = -3;
  struct Device {
    std::string name;
    std::vector<int> files;   // of each place: a descriptor, or one of these
    std::uint64_t inode = 0;  // of its folder: another one is another device
    bool known = false;
  };

  void take(std::span<const std::string_view> names);
  int kept_of(bool was_open, bool keep);
  void close_files(Device& device);
  void clear();
  void forget();
  void ask_forbidden_again();

  KernelDir folder_;
  KernelFile file_;
  Where where_;
  Uevents::Watch events_;
  Descriptors* descriptors_;
  std::string path_, listed_, listing_;
  std::vector<Device> devices_;
  unsigned looks_ = 0;
  std::chrono::steady_clock::time_point forbidden_since_ = {};  // the first of them that are not asked for
  bool any_forbidden_ = false;
  bool settled_ = false;  // the last listing was of what had been there before
};

// Where a missing folder is no fault: what `look` said, but for that; then the page says why there is nothing.
inline Result<void> or_lacking(const Result<void>& looked, Page& page) {
  if (looked || state_of(looked.error()) != State::absent) return looked;
  page.lacking = looked.error();
  return {};
}

template <class Row>
class Devices {
 public:
  // `attributes` must outlive this.
  Devices(const Environment& environment, DeviceFolder::Where where, Text Row::*name,
          std::span<const Attribute> attributes)
      : folder_(environment, std::move(where)), name_(name), attributes_(attributes) {}

  // A row for each device.
  Result<void> collect(Sheet<Row>& out) {
    if (const auto looked = folder_.look(); !looked) return looked;
    lasting_.resize(folder_.size());
    for (std::size_t device = 0; device < folder_.size(); ++device) {
      if (!folder_.there(device)) continue;
      auto& row = out.next();
      const auto shown = fill(device, row);
      if (!shown) return shown.error();
      if (!*shown) out.drop_last();
    }
    return {};
  }

  const DeviceFolder& folder() const { return folder_; }

 private:
  enum class Answer : std::uint8_t { told, nothing, hides };

  // False: the device is none of those that are shown.
  Result<bool> fill(std::size_t device, Row& row) {
    const bool known = folder_.known(device);
    if (known) row = lasting_[device];
    row.*name_ = folder_.name(device);
    bool learned = true;
    for (const bool lasting : {true, false}) {
      if (lasting && known) continue;
      for (std::size_t place = 0; place < attributes_.size(); ++place) {
        if (attributes_[place].lasting != lasting) continue;
        const auto answer = fill(device, place, row);
        if (!answer) return answer.error();
        if (*answer == Answer::hides) return false;
        learned = learned && (*answer == Answer::told || folder_.absent(device, place));
      }
      if (!lasting || !learned) continue;
      lasting_[device] = row;
      folder_.learned(device);
    }
    return true;
  }

  Result<Answer> fill(std::size_t device, std::size_t place, Row& row) {
    const auto& attribute = attributes_[place];
    const auto text = folder_.read(
        device, {.place = place, .name = attribute.file, .kept = !attribute.lasting, .as_told = attribute.as_told});
    if (!text && !attribute.lenient) return text.error();
    if (text && *text) {
      if (attribute.store(attribute, **text, &row)) return Answer::told;
      if (!attribute.lenient) return folder_.fault(Parse::not_a_number);
    }
    if (attribute.need == Attribute::Need::required && !folder_.gone(device)) return folder_.fault(Parse::empty);
    return attribute.need == Attribute::Need::optional ? Answer::nothing : Answer::hides;
  }

  DeviceFolder folder_;
  Text Row::*name_;
  std::span<const Attribute> attributes_;
  std::vector<Row> lasting_;  // of each device, where it is known: with the attributes that are read once
};

}  // namespace vitald
