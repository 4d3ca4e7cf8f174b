#include "collectors/filesystem/bcachefs_counters.hpp"

#include <algorithm>

namespace vitald::filesystem {
namespace {

// What the collector shows by these names has other labels.
constexpr std::string_view taken[] = {"btree_writes_total", "device_io_done_bytes_total", "device_io_errors_total",
                                      "errors_total"};

}  // namespace

void BcachefsCounters::begin() {
  used_ = 0;
  kept_.begin();
}

Result<void> BcachefsCounters::read(std::string_view uuid) {
  auto& kept = kept_.of(uuid, [&] {
    const auto below = std::string("fs/bcachefs/").append(uuid);
    return Kept{KernelDir(environment_.roots.sys + "/" + below + "/counters", most),
                DeviceFolder(environment_,
                             {.below = below, .keeps = [](std::string_view name) { return name == "counters"; }})};
  });
  const auto names = kept.names.list();
  if (!names && state_of(names.error()) == State::absent) return {};
  if (!names) return names.error();
  if (const auto looked = kept.folder.look(); !looked) return looked;
  if (kept.folder.size() != 1 || !kept.folder.there(0)) return {};
  return read(uuid, kept.folder, *names);
}

// A file's place is that of its name; the kernel makes all of them at once.
Result<void> BcachefsCounters::read(std::string_view uuid, DeviceFolder& folder,
                                    std::span<const std::string_view> names) {
  for (std::size_t place = 0; place < names.size(); ++place) {
    const auto text = folder.read(0, {place, names[place], true});
    if (!text) return text.error();
    if (!*text) continue;
    if (used_ == found_.size()) found_.emplace_back();
    auto& row = found_[used_];
    row.uuid = uuid;
    family_of_counter(names[place], row.family);
    if (std::ranges::find(taken, row.family.view()) != std::end(taken)) continue;
    if (!parse_counter(**text, row.value)) return folder.fault(Parse::not_a_number);
    ++used_;
  }
  return {};
}

void BcachefsCounters::end(Sheet<bcachefs_rows::Counter>& out) {
  kept_.end();
  order_.clear();
  for (std::size_t i = 0; i < used_; ++i) order_.push_back(i);
  std::sort(order_.begin(), order_.end(), [this](std::size_t a, std::size_t b) {
    const std::string_view one = found_[a].family, other = found_[b].family;
    return one == other ? a < b : one < other;
  });
  const bcachefs_rows::Counter* last = nullptr;
  for (const auto i : order_) {
    const auto& row = found_[i];
    // Two names can make one family: the first stands.
    if (last && last->family == row.family.view() && last->uuid == row.uuid.view()) continue;
    out.next() = row;
    last = &row;
  }
}

}  // namespace vitald::filesystem
