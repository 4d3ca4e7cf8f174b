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
  OwnMetrics();
  ~OwnMetrics() override;
  // A family of the table without labels shows what `value` tells when the metrics are written; a counter's never
  // falls.
  void follow(std::string_view family, const std::function<double()>& value);
  void unsupported(const std::vector<std::string>& flags);  // those that were given, and are without effect here
  // Families of the table whose samples somebody else writes, behind the others.
  using Writer = std::function<void(Out&, encode::Format)>;
  void also(Writer write) { others_.push_back(std::move(write)); }
  void write(Out& out, encode::Format format, bool with_exporter_metrics) override;
  void answered(std::string_view route, http::Status code) override;
  std::span<const http::OwnFamily> families() const override;
  std::span<const Layout* const> layouts() const override;

 private:
  struct Family;
  struct Families;
  std::unique_ptr<Families> families_;
  std::vector<Writer> others_;
};

std::span<const http::OwnFamily> own_family_table();  // for the handbook

}  // namespace vitald
