#pragma once
// Where the tests find this tree and their helper. Not by macros: compiled tests are the same in every checkout.
#include <string>

namespace vitald::test {

extern const std::string source_tree, hosts, probe_child;

}  // namespace vitald::test
