#pragma once
// Families that others made, as Prometheus text and as JSON. As OpenMetrics: http/encode/foreign_open_metrics.hpp.
#include "collectors/base/foreign.hpp"

#include <vector>

namespace vitald::encode {

// One family's text, with its head; a sample's; and its labels in their braces.
void exposition(const Foreign::Family& family, Out& out);
void exposition(const Foreign::Sample& sample, Out& out);
void labels(std::span<const Foreign::Label> all, Out& out);
// Fills the object's own text, once. The loop's thread only.
void make_text(const Foreign& foreign);

// [{"name":…,"type":…,"help":…,"hidden":…,"samples":[{"name":…,"labels":{…},"value":…}]}]; hidden: not on /metrics,
// because the daemon has a family of that name itself.
void json(const Foreign& foreign, const std::vector<bool>& hidden, Out& out);

}  // namespace vitald::encode
