#pragma once
// Parts of a process as JSON.
#include "collectors/base/out.hpp"
#include "collectors/base/process_parts.hpp"

namespace vitald::http {

void write_part(Out& out, ProcessPart::Kind kind, const ProcessPart& part);  // an array
std::size_t size_of_part(ProcessPart::Kind kind, const ProcessPart& part);

}  // namespace vitald::http
