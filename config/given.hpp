#pragma once
// What was given for an option, and where.
#include "collectors/base/option.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vitald::config {

// A line of a configuration file; without a file: the command line.
struct Place {
  std::string file;
  std::size_t line = 0;
  bool operator==(const Place&) const = default;
};

struct Given {
  const Option* option;
  std::vector<std::string> values;  // booleans: "true" or "false"
  Place place = {};
};

std::string to_string(const Place& place);  // "/etc/vitald/vitald.yaml:12"

// As the user has written it: "--web.freshness", or "/etc/vitald/vitald.yaml:12: web.freshness".
std::string name_of(const Given& given);
std::string name_of(std::string_view flag, const Place& place);

// The option that the values are for: an old name's is the new one.
std::string_view target_of(const Option& option);

// Puts what `above` has in the place of what `below` has for the same options, and adds the rest.
void lay_over(std::vector<Given>& below, std::span<const Given> above);

}  // namespace vitald::config
