#pragma once
// Which machine of tests/hosts shows which family of the catalogue.
#include <string>
#include <string_view>
#include <vector>

namespace vitald::test {

// The rows of a file of tests/catalog, by their tabs; without the remarks.
std::vector<std::vector<std::string>> catalog_table(std::string_view file);

struct Covered {
  std::string collector, family;
  std::vector<std::string> hosts;  // in alphabetical order
  std::string_view asked;          // where it comes from when that is no file: "uname(2)", "rtnetlink"
};

// Every family that tests/catalog/families.tsv states, by the pages that lie in tests/hosts.
std::vector<Covered> coverage();

}  // namespace vitald::test
