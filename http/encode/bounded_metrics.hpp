#pragma once
// Histograms and summaries as OpenMetrics wants them: all samples of one metric together, bounds in order and
// canonical.
#include "collectors/base/foreign.hpp"

#include <map>

namespace vitald::encode {

class BoundedMetrics {
 public:
  explicit BoundedMetrics(const Foreign::Family& family);
  // Whether they are what OpenMetrics calls a histogram or a summary.
  bool strict() const;
  void write(Out& out) const;

 private:
  struct Metric {
    std::string labels;                                             // but for `le` or `quantile`
    std::vector<std::pair<double, const Foreign::Sample*>> bounds;  // by bound
    const Foreign::Sample *sum = nullptr, *count = nullptr;
  };

  void add(const Foreign::Sample& sample);
  bool strict_histogram(const Metric& metric) const;
  bool strict_summary(const Metric& metric) const;

  const Foreign::Family& family_;
  std::vector<Metric> metrics_;  // in the order in which they first came
  std::map<std::string, std::size_t, std::less<>> places_;
};

// "1.0", "0.25", "1e+06", "+Inf": the one way in which OpenMetrics writes `le` and `quantile`.
void canonical(Out& out, double value);

}  // namespace vitald::encode
