#include "collectors/filesystem/btrfs_devices.hpp"

#include <fcntl.h>
#include <linux/btrfs.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace vitald::filesystem {
namespace {

constexpr std::uint64_t most_ids = 65536;  // ids of devices are not used twice, so there are gaps

class Opened {
 public:
  explicit Opened(const char* path) : fd_(::open(path, O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)) {}
  ~Opened() {
    if (fd_ >= 0) ::close(fd_);
  }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  template <class Arguments>
  bool ask(unsigned long what, Arguments& arguments) const {
    return ::ioctl(fd_, what, &arguments) == 0;
  }
  bool is_btrfs() const {
    struct statfs about {};
    return fd_ >= 0 && ::fstatfs(fd_, &about) == 0 && about.f_type == BTRFS_SUPER_MAGIC;
  }

 private:
  int fd_;
};

void write_uuid(const __u8 (&bytes)[16], Text& out) {
  constexpr std::string_view hex = "0123456789abcdef";
  out.clear();
  for (std::size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += hex[bytes[i] >> 4];
    out += hex[bytes[i] & 15];
  }
}

std::string_view last_word(const __u8 (&path)[BTRFS_DEVICE_PATH_NAME_MAX]) {
  const auto* text = reinterpret_cast<const char*>(path);
  const std::string_view whole(text, ::strnlen(text, sizeof path));
  const auto slash = whole.rfind('/');
  return slash == whole.npos ? whole : whole.substr(slash + 1);
}

// False where the device cannot be asked; an id that nobody has is none.
bool ask_device(const Opened& mount, std::uint64_t id, Volume& out) {
  btrfs_ioctl_dev_info_args about{};
  about.devid = id;
  if (!mount.ask(BTRFS_IOC_DEV_INFO, about)) return errno == ENODEV;
  btrfs_ioctl_get_dev_stats stats{};
  stats.devid = id;
  stats.nr_items = BTRFS_DEV_STAT_VALUES_MAX;
  if (!mount.ask(BTRFS_IOC_GET_DEV_STATS, stats)) return false;
  auto& device = out.next();
  device.name = last_word(about.path);
  write_uuid(about.uuid, device.uuid);
  device.total = about.total_bytes;
  device.used = about.bytes_used;
  for (std::size_t i = 0; i < device.errors.size(); ++i) device.errors[i] = stats.values[i];
  return true;
}

}  // namespace

VolumeDevice& Volume::next() {
  if (count == devices.size()) devices.emplace_back();
  return devices[count++];
}

bool ask_volume(const char* mount_point, Volume& out) {
  const Opened mount(mount_point);
  btrfs_ioctl_fs_info_args about{};
  if (!mount.is_btrfs() || !mount.ask(BTRFS_IOC_FS_INFO, about) || about.max_id > most_ids) return false;
  write_uuid(about.fsid, out.fsid);
  out.count = 0;
  for (std::uint64_t id = 0; id <= about.max_id; ++id)
    if (!ask_device(mount, id, out)) return false;
  return true;
}

}  // namespace vitald::filesystem
