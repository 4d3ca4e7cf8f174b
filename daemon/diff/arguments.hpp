#pragma once
// The words behind "vitald diff".
#include "daemon/diff/url.hpp"

#include <span>
#include <string>
#include <vector>

namespace vitald::diff {

struct Arguments {
  std::vector<Url> urls;  // ours, then theirs
  std::vector<std::string> rules, dashboards;
  bool json = false, strict = false, help = false, known = false;
  std::string fault;  // empty: none
};

Arguments read_arguments(std::span<char* const> words);
std::string_view usage_text();

}  // namespace vitald::diff
