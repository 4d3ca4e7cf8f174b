#pragma once
// What was found, for people and as JSON.
#include "collectors/base/out.hpp"
#include "daemon/diff/finding.hpp"
#include "daemon/diff/usage.hpp"

namespace vitald::diff {

struct Report {
  struct Page {
    std::string url, program, version;
    std::size_t families = 0, series = 0;
  };
  Page ours;
  std::vector<Page> theirs;
  std::vector<Finding> findings;
  std::size_t queries = 0, concerned = 0;  // read from the files; those that ask for something of their pages
  std::vector<Loss> losses;

  std::size_t unexplained(bool (*of)(What)) const;
  bool lost_something() const;
};

Report::Page page_of(const Side& side, std::string url);
void write_text(const Report& report, Out& out);
void write_json(const Report& report, Out& out);

}  // namespace vitald::diff
