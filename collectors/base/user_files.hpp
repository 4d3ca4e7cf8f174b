#pragma once
// Files that a user's settings name: listed and read in the same way by a collector itself, where nothing on the way
// can hang, and by the probe.
//
// Nothing but plain files is opened: no pipe is waited for, no device is woken.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vitald {

// By which it is told whether a file is still the same.
struct FileStamp {
  std::int64_t changed_ns = 0, modified_ns = 0;  // ctime and mtime, in nanoseconds of Unix time
  std::uint64_t size = 0, inode = 0, device = 0;
  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

struct ListedFile {
  std::string_view path;
  FileStamp stamp;
  int error = 0;           // an errno. ENODEV: no plain file; E2BIG: of a folder, there are more than are told
  bool is_folder = false;  // one that could not be listed, or not whole
};

// Records of files, one after the other: appends one; takes one, and false at their end.
void tell_listed(const ListedFile& file, std::string& records);
bool take_listed(std::string_view& records, ListedFile& out);

enum class Links : std::uint8_t { follow, refuse };

class UserFiles {
 public:
  static constexpr std::size_t most_files = 4096, most_names = 65536;  // of one list; of one folder

  // What an absolute pattern stands for ('*', '?' and brackets in any component), as records that are appended to
  // `out`; names in byte order. 0, or an errno where links are to be refused: there is one, or the kernel cannot do
  // that.
  int list(std::string_view pattern, Links links, std::string& out);

 private:
  struct Paths {  // keep their memory
    std::vector<std::string> all;
    std::size_t used = 0;
    std::string& next(std::string_view text);
  };
  int expand(std::string_view pattern, Links links);
  int take_names(int folder);
  int list_folder(const std::string& path, const std::string& wanted, Links links, std::string& out);
  int tell_files(int folder, const std::string& path, Links links, std::string& out);

  Paths now_, next_;
  std::string names_, component_, path_;
  std::vector<std::size_t> starts_;
  std::size_t told_ = 0;
  bool globbed_ = false;
};

// Where a file's bytes go.
class FileSink {
 public:
  virtual ~FileSink() = default;
  virtual bool take(std::string_view bytes) = 0;  // false: no more
};

constexpr std::size_t most_file_bytes = std::size_t{16} << 20;

// 0, or an errno: ENODEV for what is no plain file, EFBIG for more than most_file_bytes. The stamp is that before the
// first byte was read.
int read_user_file(const char* path, Links links, FileStamp& stamp, FileSink& sink);

}  // namespace vitald
