#pragma once
// What vitald ps is asked for.
#include "daemon/diff/url.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vitald::ps {

enum class Form : std::uint8_t { table, json, csv };

struct Arguments {
  diff::Url url;
  Form form = Form::table;
  std::vector<std::string> fields;  // as they are asked for
  bool usual_fields = true;
  bool help = false;
  std::string fault;  // empty: none
};

std::string_view usage_text();

// `socket`: the daemon's usual one, if it is there; else empty.
Arguments read_arguments(std::span<char* const> words, const std::string& socket);

}  // namespace vitald::ps
