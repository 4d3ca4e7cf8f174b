#pragma once
// One side of a comparison: what a page said, each time it was asked.
#include "collectors/base/metrics_text.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vitald::diff {

using Labels = std::vector<std::pair<std::string, std::string>>;  // by name; none without a value

struct Series {
  std::string name;  // the sample's: with _bucket, _sum or _count
  Labels labels;
  std::vector<double> values;  // one for each page that has it
};

struct Family {
  metrics_text::Kind kind = metrics_text::Kind::untyped;
  bool has_type = false;
  std::map<std::string, Series> series;  // by `key_of`
  std::vector<std::string> label_names() const;
};

// A series as the text format has it, without the labels that are named.
std::string key_of(const Series& series, const std::vector<std::string>& without = {});

class Side {
 public:
  // Takes one page in; what is wrong with it otherwise.
  Result<void> add(std::string_view text);

  const std::map<std::string, Family, std::less<>>& families() const { return families_; }
  std::size_t pages() const { return pages_; }
  std::size_t series() const;
  bool steady(const Series& series) const { return series.values.size() == pages_; }

  // "node_exporter", "process-exporter", "vitald" or ""; and its version.
  std::string program() const;
  std::string version() const;
  // "ok" of vitald_collector_state{collector="…",state="ok"}; empty: no such collector runs there.
  std::string state_of(std::string_view collector) const;

 private:
  std::map<std::string, Family, std::less<>> families_;
  std::size_t pages_ = 0;
};

std::string_view label_of(const Labels& labels, std::string_view name);  // empty: none

}  // namespace vitald::diff
