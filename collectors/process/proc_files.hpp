#pragma once
// The files of processes and their threads: listed by getdents, each read by openat below a kept descriptor of /proc,
// and nothing kept open of any process.
//
// The descriptor is kept only where it is procfs that answers; a copy is opened anew at each pass.
#include "collectors/base/result.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vitald::process {

// That process or thread is not there (any more), which is no fault.
bool is_gone(const Fault& fault);
// It is there, and may not be read by us.
bool is_refused(const Fault& fault);

class ProcFiles {
 public:
  explicit ProcFiles(std::string root);
  ~ProcFiles();
  ProcFiles(const ProcFiles&) = delete;
  ProcFiles& operator=(const ProcFiles&) = delete;

  // Before anything else of one process; processes() does it by itself.
  Result<void> open();
  // The pids that there are now, from the least on: the start of a pass. Good until the next call, as all answers.
  Result<std::span<const int>> processes();
  Result<std::span<const int>> threads(int pid);
  Result<std::span<const int>> descriptors(int pid);

  // Lines end with '\n', and all of a file comes from one record: no second read(2) is needed to see its end.
  enum class Shape : std::uint8_t { record, bytes };
  Result<std::string_view> read(int pid, std::string_view file, Shape shape = Shape::record,
                                std::size_t most = most_bytes);
  Result<std::string_view> read(int pid, int thread, std::string_view file, Shape shape = Shape::record);

  Result<std::uint64_t> count_descriptors(int pid);
  Result<std::string_view> link(int pid, std::string_view file);  // where it leads to
  Result<std::uint32_t> owner(int pid);                           // of its folder
  bool is_regular(int pid, std::string_view file);                // what it leads to

  bool live() const { return live_; }                          // the kernel itself answers
  bool numbers_are_ours() const { return numbers_are_ours_; }  // a pid there is one to our own system calls
  bool counts_by_size() const { return counts_by_size_; }      // Linux 6.2: the size of PID/fd is their number
  const std::string& path() const { return path_; }

  static constexpr std::size_t most_link = 4096;
  static constexpr std::size_t most_processes = std::size_t{1} << 18;  // more are a fault
  static constexpr std::size_t most_bytes = std::size_t{1} << 16;      // of one file; what is longer is cut

 private:
  void close();
  Result<void> list(int fd, int least, std::vector<int>& out);
  Result<std::string_view> read(Shape shape, std::size_t most = most_bytes);
  void give_back();
  Result<std::uint64_t> count_by_listing(const char* folder);
  void learn_what_sizes_mean();
  void name(int pid, std::string_view file);
  void name(int pid, int thread, std::string_view file);

  std::string path_, buffer_, entries_;
  std::vector<int> pids_, threads_;
  char below_[64] = {};  // of /proc: "12/task/13/stat"
  int fd_ = -1;
  bool live_ = false, counts_by_size_ = false, numbers_are_ours_ = false, learned_ = false;
};

}  // namespace vitald::process
