#pragma once
// Directories below a root, opened without following links and without holding anything afterwards.
#include <sys/stat.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace vitald::watch {

// A descriptor, or -1.
class Folder {
 public:
  Folder() = default;
  explicit Folder(int fd) : fd_(fd) {}
  ~Folder();
  Folder(Folder&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  Folder& operator=(Folder&& other) noexcept;
  int fd() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

enum class Mounts : std::uint8_t { stay, cross };

// The directory itself, by the path that it was configured with. errno says why not.
Folder open_root(const std::string& path, bool follow_links);
// One below it; empty: a second descriptor of it. Paths may be longer than PATH_MAX. EXDEV: a mount is on the way.
Folder open_below(const Folder& root, std::string_view path, Mounts mounts);

struct Identity {
  std::uint64_t device = 0, inode = 0;
  bool operator==(const Identity&) const = default;
};
bool identify(const Folder& folder, Identity& out);
bool about(const Folder& folder, const char* name, struct stat& out);  // lstat(2)

// The names in a directory. Keeps its buffer.
class Listing {
 public:
  struct Entry {
    const char* name;
    bool folder;
  };
  void begin(const Folder& folder);
  bool next(Entry& out);                // without "." and ".."
  int error() const { return error_; }  // after the last

 private:
  bool fill();

  std::string buffer_;
  const Folder* folder_ = nullptr;
  std::size_t at_ = 0, end_ = 0;
  int error_ = 0;
};

}  // namespace vitald::watch
