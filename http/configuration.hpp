#pragma once
// The settings as they count, for whoever may know them. The daemon fills it.
#include <cstdint>
#include <string>
#include <vector>

namespace vitald::http {

struct Configuration {
  struct Setting {
    enum class Kind : std::uint8_t { text, boolean, integer };
    std::string key;  // "web.freshness"
    Kind kind = Kind::text;
    bool list = false;                // may have several values
    std::vector<std::string> values;  // of a secret: what is shown in its place
    std::string origin;               // "default", "/etc/vitald/vitald.yaml:12", "--web.freshness"
    bool reload = true;               // false: a change counts after a restart only
    bool secret = false;
  };
  std::uint64_t generation = 1;    // how many have counted since the start, this one included
  std::vector<std::string> files;  // that were read, in this order
  std::vector<Setting> settings;
};

}  // namespace vitald::http
