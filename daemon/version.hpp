#pragma once
// Which build this is. The revision is that of the moment when CMake configured.
#include <string>
#include <string_view>

namespace vitald {

struct Version {
  std::string_view number, revision;  // "0.1.0", the commit; empty when built outside git
};
extern const Version version;

std::string version_text();  // what --version prints

}  // namespace vitald
