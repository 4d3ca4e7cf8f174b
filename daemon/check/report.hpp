#pragma once
// What vitald check has found, as text and as JSON.
#include "collectors/base/out.hpp"
#include "daemon/check/advice.hpp"
#include "daemon/check/surroundings.hpp"

namespace vitald::check {

struct Report {
  Identity who;
  std::string unit;  // that runs it; empty: none
  bool container = false;
  std::vector<Told> collectors;  // those that are on
  std::vector<std::string> off;
  std::vector<Finding> surroundings;

  bool has_faults() const;
  std::vector<std::string> unit_lines() const;  // that would mend the faults
};

void write_text(const Report& report, Out& out);
void write_json(const Report& report, Out& out);

}  // namespace vitald::check
