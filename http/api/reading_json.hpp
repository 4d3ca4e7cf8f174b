#pragma once
// One collector's reading as JSON: how it is doing, and its rows.
#include "http/api.hpp"

namespace vitald::http {

void write_health(Out& out, const Reading& reading);  // members, each behind a comma
void write_reading(Out& out, const Reading& reading, const Context& context);

}  // namespace vitald::http
