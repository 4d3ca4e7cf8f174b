#pragma once
// Users' names from /etc/passwd. Name services beyond it are not asked: they may hang. The number stands for others.
#include "collectors/base/kernel_file.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace vitald::process {

std::map<std::uint64_t, std::string> parse_passwd(std::string_view text);

class UserNames {
 public:
  explicit UserNames(const std::string& rootfs)
      : file_((rootfs == "/" ? std::string() : rootfs) + "/etc/passwd", KernelFile::Holds::table) {}
  void forget() { read_ = false; }  // so that the file is read again when next asked
  std::string of(std::uint64_t user);

 private:
  KernelFile file_;
  std::map<std::uint64_t, std::string> names_;
  bool read_ = false;
};

}  // namespace vitald::process
