#pragma once
// Processes below their parents.
#include "http/api/process_query.hpp"

namespace vitald::http {

Reply process_tree(const ProcessQuery& query, const ProcessSample& sample);

// Those below a process, from the least number on; and those above it, the nearest first.
std::vector<const ProcessRow*> children_of(const ProcessSample& sample, const ProcessRow& row, bool recursive);
std::vector<const ProcessRow*> parents_of(const ProcessSample& sample, const ProcessRow& row);

}  // namespace vitald::http
