#pragma once
// Prometheus's text format 0.0.4, read: families, and samples with their labels and values.
//
// As strict as node_exporter's reading of text files: a text with one fault is refused whole. Beyond that a series may
// be there once only, and a histogram or summary may hold nothing that belongs to neither.
#include "collectors/base/hash_slots.hpp"
#include "collectors/base/result.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vitald::metrics_text {

enum class Kind : std::uint8_t { untyped, counter, gauge, histogram, summary };
std::string_view name_of(Kind kind);

// What is wrong with a line. None of the reasons repeats the text, which may be a file that nobody was to see.
enum class Flaw : std::uint8_t {
  cut = 1,        // the text ends within the line
  no_name,        // a sample, HELP or TYPE without a valid metric name
  second_help,    // of a family
  second_type,    // of a family, or behind its samples
  unknown_type,   // none of the five
  bad_escape,     // a backslash before anything else than what may be escaped there
  not_utf8,       // in a label's value or in a help text
  bad_label,      // no valid name, '=' or quote, or a name that is reserved
  open_labels,    // no closing quote or brace
  double_label,   // a label's name twice in one sample
  bad_value,      // not a number
  bad_timestamp,  // not a whole number, or followed by something
  bad_bound,      // `le` or `quantile` is missing, or not a number
  odd_sample,     // of a histogram or a summary, which have no such samples
  double_series,  // a series for the second time
  too_many,       // samples, families or labels
  timestamp,      // where none are taken
};
boost::system::error_code make_error_code(Flaw) noexcept;

// All views are into the text, or into the document that read it.
struct Label {
  std::string_view name, value;  // unescaped
};
struct Family {
  std::string_view name, help;  // unescaped
  Kind kind = Kind::untyped;
  bool has_help = false, has_type = false;  // whether the text says so
  std::uint32_t samples = 0;                // how many; none where only HELP or TYPE tell of it
};
struct Sample {
  std::string_view name;  // as written: with _bucket, _sum or _count
  std::uint32_t family = 0, first_label = 0, label_count = 0, line = 0;
  double value = 0;
  std::optional<std::int64_t> timestamp;  // milliseconds of Unix time
};

// Reads one text at a time; once its lists have grown it allocates nothing.
class Document {
 public:
  explicit Document(std::size_t most_samples = std::size_t{1} << 20) : most_(most_samples) {}

  // The text must stay as long as what was read of it is used. After a Fault, which has line and reason, there is
  // what stood before that line.
  Result<void> parse(std::string_view text);
  void give_back();  // all memory

  std::span<const Family> families() const { return families_; }  // in the order in which they first came
  std::span<const Sample> samples() const { return samples_; }    // in the text's order
  std::span<const Label> labels(const Sample& sample) const {     // in the text's order
    return std::span(labels_).subspan(sample.first_label, sample.label_count);
  }

 private:
  Flaw line(std::string_view rest, std::size_t number);
  Flaw comment(std::string_view rest);
  Flaw help(Family& family, std::string_view rest);
  Flaw sample(std::string_view rest, std::size_t number);
  Flaw label(std::string_view& rest);
  Flaw labels(std::string_view& rest);
  Flaw check(const Sample& sample, Family& family);
  bool known(std::string_view name, std::uint32_t& family);
  bool family_of(std::string_view name, std::uint32_t& family);
  bool double_label(std::span<const Label> all);
  bool seen_before(const Sample& sample);

  std::size_t most_;
  std::vector<Family> families_;
  std::vector<Sample> samples_;
  std::vector<Label> labels_;
  std::string unescaped_;  // never grows while views into it are about
  std::vector<std::string_view> names_;
  HashSlots by_name_, by_series_;
};

// A number as Go reads one: a sign, digits with a point and an exponent, Inf, Infinity or NaN in any case; no hex
// digits, no underscores. What is too small is 0; what is too large is none.
bool parse_number(std::string_view word, double& out);

// One hash for a series however its labels are ordered; a label without a value counts as none.
std::uint64_t hash_of(std::string_view name, std::span<const Label> labels);
bool same_labels(std::span<const Label> a, std::span<const Label> b);

}  // namespace vitald::metrics_text

template <>
struct boost::system::is_error_code_enum<vitald::metrics_text::Flaw> : std::true_type {};
