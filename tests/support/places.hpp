#pragma once
// Where the tests find this tree and their helpers. Not by macros: compiled tests are the same in every checkout.
#include <string>

namespace vitald::test {

extern const std::string source_tree, hosts, fake_systemd, probe_child;

}  // namespace vitald::test
