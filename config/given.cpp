#include "config/given.hpp"

#include <algorithm>

namespace vitald::config {

std::string to_string(const Place& place) { return place.file + ":" + std::to_string(place.line); }

std::string name_of(std::string_view flag, const Place& place) {
  return (place.file.empty() ? "--" : to_string(place) + ": ").append(flag);
}

std::string name_of(const Given& given) { return name_of(given.option->flag, given.place); }

std::string_view target_of(const Option& option) { return option.was_for.empty() ? option.flag : option.was_for; }

void lay_over(std::vector<Given>& below, std::span<const Given> above) {
  std::erase_if(below, [&](const Given& old) {
    const auto same = [&](const Given& each) { return target_of(*each.option) == target_of(*old.option); };
    return std::ranges::any_of(above, same);
  });
  below.insert(below.end(), above.begin(), above.end());
}

}  // namespace vitald::config
