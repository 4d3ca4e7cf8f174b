#pragma once
// vitald_watch_*: what the watches do.
#include "http/encode/exposition.hpp"
#include "http/watches.hpp"

namespace vitald {

// Nothing where there is no watch.
void write_watch_metrics(const http::Watches& watches, Out& out, encode::Format format);

}  // namespace vitald
