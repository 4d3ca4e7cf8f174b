#pragma once
// Users' names: from /etc/passwd, else from the host's name services. The number stands for those that have none there.
#include "collectors/base/kernel_file.hpp"
#include "collectors/base/name_service.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace vitald::process {

std::map<std::uint64_t, std::string> parse_passwd(std::string_view text);

class UserNames {
 public:
  // The name services are those of our own root; of another one there is just the file.
  UserNames(const std::string& rootfs, NameService* services)
      : file_((rootfs == "/" ? std::string() : rootfs) + "/etc/passwd", KernelFile::Holds::table),
        services_(rootfs == "/" ? services : nullptr) {}
  void forget() { read_ = false; }  // so that the file is read again when next asked
  std::string of(std::uint64_t user);

 private:
  KernelFile file_;
  NameService* services_;
  std::map<std::uint64_t, std::string> names_;
  bool read_ = false;
};

}  // namespace vitald::process
