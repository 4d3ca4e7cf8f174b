#pragma once
// A list of /proc, of records that are far shorter than half a page (sockets), read anew from its start at every call.
//
// The kernel goes through all that could be listed at every read: to ask it once more, just to hear that a short answer
// was the end, would cost as much as the answer (some 30 us with /proc/net/udp, whose table is large even when empty).
#include "collectors/base/kernel_file.hpp"

namespace vitald {

class RecordsFile {
 public:
  explicit RecordsFile(std::string path) : file_(std::move(path)) {}
  ~RecordsFile() { close(); }
  RecordsFile(const RecordsFile&) = delete;
  RecordsFile& operator=(const RecordsFile&) = delete;

  // The text is good until the next call. Faults are those of KernelFile.
  Result<std::string_view> read();

 private:
  void open();
  void close();
  Result<std::string_view> read_kept();

  KernelFile file_;  // where it is not the kernel that answers
  std::string buffer_;
  int fd_ = -1;
};

}  // namespace vitald
