#pragma once
// Families that others made (text files): shown as they came, beside the page's own tables. Filled once by a collector,
// then shared by page after page and never changed.
//
// A collector that has some sets Page::foreign. Names are valid, texts are UTF-8, no series is there twice, and no two
// families have a sample's name in common; what a page's own tables show goes before (http/api/foreign.hpp).
#include "collectors/base/metrics_text.hpp"
#include "collectors/base/out.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vitald {

struct Foreign {
  using Label = metrics_text::Label;
  using Kind = metrics_text::Kind;
  struct Sample {
    std::string_view name;          // with _bucket, _sum or _count
    std::span<const Label> labels;  // in alphabetical order, but le and quantile come last
    double value = 0;
  };
  struct Family {
    std::string_view name;
    Kind kind = Kind::untyped;
    std::string help;                            // as it is meant, without escapes
    std::vector<std::span<const Sample>> parts;  // of each file that has some
  };

  std::vector<Family> families;
  std::vector<std::shared_ptr<const void>> kept;  // what the views look into

  // In each text format, family after family: made by the loop when first asked for, then shared.
  struct Encoded {
    Out text;
    std::vector<std::size_t> ends;
    bool made = false;
  };
  mutable Encoded text, open_metrics;
};

}  // namespace vitald
