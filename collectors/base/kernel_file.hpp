#pragma once
// A file of /proc or /sys (or of a copy of them), read anew from its start at every call.
//
// It stays open between calls only where fstatfs(2) says procfs or sysfs, because only there an open
// descriptor goes on telling the truth; elsewhere it is opened anew. What is not a plain file is refused before it is
// read, no open waits for a pipe's other end, and a text as long as the cap is a fault. A file system that hangs hangs
// here: that is what readers are for.
#include "collectors/base/result.hpp"

#include <string>
#include <string_view>

namespace vitald {

class KernelFile {
 public:
  // One small value (below 4 KiB), one text that the kernel makes as a whole (by single_open: /proc/stat, meminfo), or
  // a table that it makes line by line (both below 16 MiB).
  enum class Holds : std::uint8_t { value, text, table };

  explicit KernelFile(std::string path, Holds holds = Holds::table);
  ~KernelFile();
  KernelFile(KernelFile&&) noexcept;
  KernelFile& operator=(KernelFile&&) noexcept;
  KernelFile(const KernelFile&) = delete;
  KernelFile& operator=(const KernelFile&) = delete;

  // The text is good until the next call that is not const. A Fault names the path, which is good as long as this
  // object stays where it is and is not turned.
  Result<std::string_view> read();

  // For files whose kernel tells poll(2) of changes (mountinfo): whether it has told of one since this was last asked
  // or the file was opened. True as well where that cannot be known.
  bool changed() const;

  // Another file from now on, read with the same buffer; where many files are each read once, one object does.
  void turn_to(std::string_view path);
  // The same by a descriptor that an earlier one handed over; -1 when there is none.
  void turn_to(std::string_view path, int descriptor);
  int hand_over();  // the descriptor that is kept, to be closed by the caller; -1 when none is

  // After a read: whether it was the kernel itself that answered, and not a copy on a disk.
  bool live() const { return fd_ >= 0; }
  const std::string& path() const { return path_; }

 private:
  Result<std::string_view> read_from(int fd);
  void give_back();
  void close();

  std::string path_, buffer_;
  std::size_t cap_;
  bool whole_;  // the kernel gives all of it at once
  int fd_ = -1;
};

// Whether the kernel itself answers there (procfs or sysfs), and not a copy on a disk.
bool kernel_serves(const std::string& path);
bool kernel_serves(int fd);

// Whether a daemon answers there in the kernel's place, as LXCFS in containers.
bool fuse_serves(const std::string& path);

// Whether a descriptor goes on telling the truth, and the process has enough of them that connections have theirs.
bool may_stay_open(int fd);

// Of a path at which nothing is: whether only the kernel could put something there, because the nearest folder above is
// its own.
bool only_kernel_adds(std::string_view path);

}  // namespace vitald
