#pragma once
// Which of the families that others made may stand on a page: none whose samples could be taken for those of the
// daemon's own tables on that page.
#include "http/encode/exposition.hpp"
#include "http/readings.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace vitald::http {

// Keeps what families there can be at all, so that a page is searched only for names that might be on it. The loop's
// thread only.
class ForeignFamilies {
 public:
  explicit ForeignFamilies(std::span<const Readings::Known> known);
  // By family: whether the view's other pages show it already, or in OpenMetrics have a counter to which the name
  // belongs.
  std::vector<bool> hidden(const Foreign& foreign, const View& view, encode::Format format) const;
  bool can_be_ours(std::string_view name) const;

 private:
  bool is_shown(std::string_view name, const View& view) const;
  bool belongs_to_counter(std::string_view name, const View& view) const;
  void know(const Layout& layout);

  std::set<std::string, std::less<>> names_;
  std::vector<std::string> prefixes_;  // of families whose names the kernel completes
};

}  // namespace vitald::http
