#pragma once
// What the server counts of itself, as tables: vitald_http_*.
#include "collectors/base/page.hpp"
#include "http/traffic.hpp"

#include <array>

namespace vitald::http {

class TrafficRows {
 public:
  TrafficRows();
  void fill(const Traffic& traffic);
  std::array<Rows, 2> rows() const { return {totals_.rows(), refused_.rows()}; }

  struct Total {
    std::uint64_t accepted = 0, sent_bytes = 0;
    double request_seconds = 0;
  };
  struct Refused {
    Text reason;
    std::uint64_t count = 0;
  };

 private:
  Sheet<Total> totals_;
  Sheet<Refused> refused_;
};

std::array<const Layout*, 2> traffic_layouts();

}  // namespace vitald::http
