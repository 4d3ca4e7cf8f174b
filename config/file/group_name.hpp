#pragma once
// A group's name as process-exporter's users write it: "{{.ExeBase}}-{{.Matches.instance}}".
#include "collectors/base/group_rules.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace vitald::config {

// Empty, or what is wrong. Of Go's templates: the fields, index, and the dashes that trim blanks.
std::string parse_group_name(std::string_view text, std::vector<GroupRules::Part>& out);

}  // namespace vitald::config
