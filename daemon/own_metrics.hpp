#pragma once
// The daemon's own metrics, kept by prometheus-cpp and appended to /metrics.
#include "http/api.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace vitald {

// The loop's thread only.
class OwnMetrics final : public http::OwnMetrics {
 public:
  // Values that others keep, asked for when the metrics are written. `readings` and `lost_lines` never fall.
  struct Gauges {
    std::function<double()> readings, readers_left_behind, probes_abandoned, connections, lost_lines;
  };

  OwnMetrics(Gauges gauges, const std::vector<std::string>& unsupported_flags);
  ~OwnMetrics() override;
  void write(Out& out, encode::Format format, bool with_exporter_metrics) override;
  void answered(std::string_view route, http::Status code) override;
  std::span<const http::OwnFamily> families() const override;
  std::span<const Layout* const> layouts() const override;

 private:
  struct Families;
  Gauges gauges_;
  std::unique_ptr<Families> families_;
};

std::span<const http::OwnFamily> own_family_table();  // for the handbook

}  // namespace vitald
