#pragma once
// Every setting as it counts, and where it comes from.
#include "config/command_line.hpp"

namespace vitald::config {

struct Effective {
  const Option* option;
  std::vector<std::string> values;  // secrets are hidden
  std::string origin;               // "default", "/etc/vitald/vitald.yaml:12", "--web.freshness"
};

// In the options' order, without what asks for something at this start only, and without the peer's that are not here,
// unless they are given.
std::vector<Effective> effective(const Options& given, const Places& from_files, std::span<const Option> options);

// As YAML that --config.file takes, the origins as remarks.
std::string to_yaml(std::span<const Effective> settings);

// A scalar as it stands in YAML, in quotes where it must.
std::string yaml_scalar(std::string_view text);

}  // namespace vitald::config
