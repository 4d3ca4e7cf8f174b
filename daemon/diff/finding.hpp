#pragma once
// One difference between two pages.
#include <string>
#include <string_view>

namespace vitald::diff {

enum class What {
  lost_family,
  lost_label,
  lost_series,
  changed_type,
  changed_value,
  gained_family,
  gained_label,
  gained_series
};

std::string_view name_of(What what);  // "lost family"
constexpr bool is_loss(What what) { return what <= What::lost_series; }
constexpr bool is_gain(What what) { return what >= What::gained_family; }

struct Finding {
  What what{};
  std::string family;
  std::string detail;        // the series, the label's name, the two types; empty for a family
  std::size_t series = 0;    // how many are concerned
  std::string why = {};      // what is known of it
  bool explained = false;    // it is known and no fault, so it does not count
  std::string against = {};  // the other page
};

}  // namespace vitald::diff
