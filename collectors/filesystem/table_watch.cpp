#include "collectors/filesystem/table_watch.hpp"

#include <unistd.h>

#include <algorithm>

namespace vitald::filesystem {
namespace {

constexpr std::size_t most_counts = 64;  // beyond, reading the table is no dearer

std::string name_of_disk(const std::string& link) {
  char target[4096];
  const auto size = ::readlink(link.c_str(), target, sizeof target);
  const std::string_view path(target, size > 0 ? static_cast<std::size_t>(size) : 0);
  const auto slash = path.rfind('/');
  return slash == path.npos ? "" : std::string(path.substr(slash + 1));
}

bool read_only(const Mount& mount, const Places& places) { return places[mount.place].size.read_only; }

}  // namespace

void TableWatch::begin(const KernelFile& table, const std::vector<Mount>& mounts) {
  errors_.clear();
  trusted_ = table.live() && kernel_serves(sys_) &&
             std::ranges::all_of(mounts, [this](const Mount& mount) { return add_errors_of(mount); });
}

bool TableWatch::add_errors_of(const Mount& mount) {
  if (mount.type != "ext4" && mount.type != "ext3" && mount.type != "ext2") return true;
  const auto disk = name_of_disk(sys_ + "/dev/block/" + mount.major + ":" + mount.minor);
  auto path = sys_ + "/fs/ext4/" + disk + "/errors_count";
  if (std::ranges::any_of(errors_, [&](const Errors& each) { return each.file.path() == path; })) return true;
  if (disk.empty() || errors_.size() == most_counts) return false;
  auto& added = errors_.emplace_back(Errors{KernelFile(std::move(path), KernelFile::Holds::value), {}});
  const auto text = added.file.read();
  if (text) added.said = *text;
  return text.has_value();
}

void TableWatch::begin_again() {
  if (!trusted_) return;
  for (auto& errors : errors_)
    if (const auto text = errors.file.read()) errors.said.assign(*text);
}

bool TableWatch::same(Errors& errors) {
  const auto text = errors.file.read();
  return text && *text == errors.said;
}

bool TableWatch::quiet(const KernelFile& table) {
  return trusted_ && !table.changed() && std::ranges::all_of(errors_, same);
}

void TableWatch::keep_modes(const std::vector<Mount>& mounts, const Places& places) {
  modes_.clear();
  for (const auto& mount : mounts) modes_.push_back(read_only(mount, places));
}

bool TableWatch::same_modes(const std::vector<Mount>& mounts, const Places& places) const {
  for (std::size_t i = 0; i < mounts.size(); ++i)
    if (places[mounts[i].place].error == 0 && read_only(mounts[i], places) != modes_[i]) return false;
  return true;
}

}  // namespace vitald::filesystem
