#pragma once
// The probe's own side: a process that may hang so that the daemon need not.
#include "collectors/base/probe.hpp"

namespace vitald {

constexpr const char* probe_argument = "--probe-mode";  // as argv[1]

// What main() does instead of all else when that argument is given: answers what comes on descriptor 0 until it closes.
// `before` is called with each path before anything else is done with it.
int run_probe(void (*before)(const char* path) = nullptr);

}  // namespace vitald
