#pragma once
// Rows as text that Prometheus reads: its own format 0.0.4, or OpenMetrics 1.0.0. They differ in the families' heads
// only.
#include "collectors/base/encoded.hpp"

#include <map>
#include <memory>
#include <vector>

namespace vitald::encode {

enum class Format : std::uint8_t { text, open_metrics };

// Remembers for each layout all that stood between the numbers (HELP, TYPE, names, labels): as long as the rows' texts
// are the same, a scrape copies that and writes the numbers, and allocates nothing. The loop's thread only.
class Exposition {
 public:
  explicit Exposition(Format format = Format::text) : format_(format) {}
  void write(const Rows& rows, Out& out);
  // The same behind what `kept` has, as its table of that number; tables come in their order. Where its last text is
  // still there and the numbers are as long as they were, only those that changed are written.
  void write(const Rows& rows, Encoded& kept, std::size_t table);

 private:
  struct Skeleton {
    Out identity, between;  // the rows' texts, end to end; what stands before each number
    std::vector<std::size_t> identity_lengths;
    std::vector<std::size_t> between_ends;  // of column after column, row after row; empty: no sample
    std::size_t rows = 0;
  };

  static bool fits(const Skeleton& skeleton, const Rows& rows);
  static bool emit(const Skeleton& skeleton, const Rows& rows, Out& out, Printed& printed);
  static bool renew(const Skeleton& skeleton, const Rows& rows, char* text, Printed& printed);
  void write(const Rows& rows, Out& out, Printed& printed);
  std::shared_ptr<const Skeleton> build(const Rows& rows);
  void write_labels(const Rows& rows);
  void write_family(const Rows& rows, const Column& column, Skeleton& skeleton);

  Format format_;
  std::map<const Layout*, std::shared_ptr<const Skeleton>> skeletons_;
  Printed scratch_;
  Out labels_;  // `device="sda"` of every row, end to end
  std::vector<std::size_t> ends_;
  std::string_view family_, name_;  // those of the last sample: a family's samples stand together
};

// The parts that other writers of the formats need.
struct Head {
  std::string_view name_space, family, rest;  // the name, in parts
  std::string_view help, type;                // the type as format 0.0.4 calls it
};
void head(Out& out, const Head& of, Format format);
// Quotes, backslashes and line ends; each run of bad UTF-8 becomes U+FFFD.
void escaped_label(Out& out, std::string_view text);
void number(Out& out, const Value& value);  // shortest form that reads back the same; NaN, +Inf, -Inf
std::string_view name_of(Type type);

}  // namespace vitald::encode
