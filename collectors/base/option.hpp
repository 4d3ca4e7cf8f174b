#pragma once
// One setting, described once: flags, --help, checks and the handbook come from it.
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vitald {

struct Option {
  enum class Kind : std::uint8_t { boolean, text, integer, duration, regexp };
  std::string_view flag;  // without dashes: "collector.diskstats.device-exclude"
  Kind kind = Kind::text;
  std::string_view initial;  // as it would be written on the command line; booleans "true" or "false"
  std::string_view help;
  std::string_view excludes = {};  // another flag that must not be given beside this one
  std::string_view was_for = {};   // this is the old, hidden name of that flag; using it warns
  bool repeatable = false;
  bool hidden = false;
  std::string_view (*check)(std::string_view value) = nullptr;     // empty, or what is wrong with the value
  std::int64_t at_least = INT64_MIN;                               // the smallest integer, or duration in nanoseconds
  std::string_view group = {};                                     // its heading in --help
  enum class Support : std::uint8_t { full, no_effect, missing };  // missing: the peer has it, this build does not
  Support support = Support::full;
  bool reload = true;      // false: a change counts after a restart only
  bool flag_only = false;  // asks for something at this start: no place for it in a file
  bool secret = false;     // its value is shown to nobody
  bool is_path = false;    // a relative one counts from where the program was started
  bool as_given = false;   // such a path is shown, too: it is made whole only where the process leaves that folder
};

// The values of all options: what was given, else the initial ones. Built once, then only read.
class Options {
 public:
  struct Setting {
    std::vector<std::string> values;
    bool given = false;
    bool operator==(const Setting&) const = default;
  };
  bool operator==(const Options&) const = default;

  void declare(const Option& option) {
    auto& setting = settings_[std::string(option.flag)];
    if (!option.initial.empty() || !option.repeatable) setting.values = {std::string(option.initial)};
  }
  void give(std::string_view flag, std::vector<std::string> values) {
    settings_[std::string(flag)] = {std::move(values), true};
  }

  // An unknown flag reads as empty; a flag given several times reads as its last value.
  const std::string& text(std::string_view flag) const {
    static const std::string none;
    const auto& all = values(flag);
    return all.empty() ? none : all.back();
  }
  const std::vector<std::string>& values(std::string_view flag) const {
    static const std::vector<std::string> none;
    const auto at = settings_.find(flag);
    return at == settings_.end() ? none : at->second.values;
  }
  bool on(std::string_view flag) const { return text(flag) == "true"; }
  bool given(std::string_view flag) const {
    const auto at = settings_.find(flag);
    return at != settings_.end() && at->second.given;
  }

 private:
  std::map<std::string, Setting, std::less<>> settings_;
};

}  // namespace vitald
