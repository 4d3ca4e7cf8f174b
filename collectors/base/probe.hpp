#pragma once
// Asks the kernel what may never be answered (statfs behind a dead server, a user's files), from where it can be left
// behind.
#include "collectors/base/path_facts.hpp"
#include "collectors/base/result.hpp"
#include "collectors/base/user_files.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace vitald {

struct FileSystemSize {  // what statfs(2) says, in its own units
  std::uint64_t block_size = 0, blocks = 0, free = 0, available = 0, files = 0, files_free = 0;
  bool read_only = false;
};

// Asks at once, however long that takes; returns 0 or an errno.
int ask_statfs(const char* path, FileSystemSize& out);
int ask_user_name(const char* number, std::string& out);

class Probe {
 public:
  enum class Wants : std::uint8_t {
    size,   // statfs(2) of the path
    files,  // UserFiles::list of a pattern: its records into `bytes`
    facts,  // ask_path: what is at the path, through links
    names,  // list_folder: its records into `bytes`, and the folder's stamp
    text,   // read_user_file: the file's text into `bytes`, and its stamp
    user,   // getpwuid(3) of the number that is the path: the name into `bytes`; ENOENT: nobody has it
  };
  struct Question {
    std::string_view path;  // where to ask; must stay good during the call
    int error = 0;          // 0, an errno, or ETIMEDOUT when nothing came in time (ETIME is statfs's own ETIMEDOUT)
    FileSystemSize size;    // this and what follows is good when error is 0
    Wants wants = Wants::size;
    std::string* bytes = nullptr;  // what stood there is thrown away
    FileStamp stamp = {};
    PathFacts facts = {};
  };

  virtual ~Probe() = default;

  // Asks all at once and fills in the answers. It returns within `patience` and little more, however many
  // hang; a path that hung before is not asked again until that question has come back.
  // Called from a reader's thread, by one thread at a time.
  virtual void ask(std::span<Question> questions, std::chrono::milliseconds patience) = 0;
  // How many of those who ask hang in the kernel and were replaced. From any thread.
  virtual int abandoned() const { return 0; }
};

}  // namespace vitald
