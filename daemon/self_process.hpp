#pragma once
// The daemon's own process: the standard process_* families of Prometheus's client libraries.
#include "collectors/base/collector.hpp"

namespace vitald {

// Reads /proc/self of the running system, whatever the roots are.
std::unique_ptr<Collector> make_self_process();

const Layout& self_process_layout();  // for the tests and the handbook

}  // namespace vitald
