// The text format's kinds, and its faults in words.
#include "collectors/base/metrics_text.hpp"

namespace vitald::metrics_text {
namespace {

class FlawCategory final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "metrics"; }
  std::string message(int value) const override {
    switch (static_cast<Flaw>(value)) {
      case Flaw::cut: return "the text ends within the line";
      case Flaw::no_name: return "no valid metric name where one must stand";
      case Flaw::second_help: return "a second HELP for one family";
      case Flaw::second_type: return "a second TYPE for one family, or one behind its samples";
      case Flaw::unknown_type: return "the type is not known";
      case Flaw::bad_escape: return "a backslash before something that is not escaped";
      case Flaw::not_utf8: return "bytes that are no UTF-8";
      case Flaw::bad_label: return "a label without a valid name, or without a quoted value";
      case Flaw::open_labels: return "the labels are not closed";
      case Flaw::double_label: return "a label's name twice in one sample";
      case Flaw::bad_value: return "the value is not a number";
      case Flaw::bad_timestamp: return "the timestamp is not a whole number, or more follows it";
      case Flaw::bad_bound: return "le or quantile is missing or not a number";
      case Flaw::odd_sample: return "a histogram or summary has no such sample";
      case Flaw::double_series: return "a series for the second time";
      case Flaw::too_many: return "more samples, families or labels than are taken";
      case Flaw::timestamp: return "a timestamp, which text files may not have";
    }
    return "unknown";
  }
};

const FlawCategory flaw_category;

}  // namespace

boost::system::error_code make_error_code(Flaw value) noexcept { return {static_cast<int>(value), flaw_category}; }

std::string_view name_of(Kind kind) {
  constexpr std::string_view names[] = {"untyped", "counter", "gauge", "histogram", "summary"};
  return names[static_cast<std::size_t>(kind)];
}

}  // namespace vitald::metrics_text
