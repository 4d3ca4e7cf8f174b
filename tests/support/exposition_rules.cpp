// A strict reader of Prometheus's text format 0.0.4, for tests.
#include "collectors/base/scan.hpp"
#include "collectors/base/utf8.hpp"
#include "tests/support/whole_host.hpp"

#include <algorithm>
#include <set>

namespace vitald::test {
namespace {

bool letter(char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter_or_digit(char c) { return letter(c) || digit(c); }

std::string_view take_name(std::string_view& text) {
  const auto end = std::ranges::find_if_not(text, letter_or_digit);
  const auto name = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(name.size());
  return !name.empty() && letter(name.front()) ? name : std::string_view{};
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto taken = utf8::next(text);
    if (!utf8::valid(taken)) return false;
    text.remove_prefix(taken.size());
  }
  return true;
}

bool is_number(std::string_view text) {
  if (text == "NaN" || text == "+Inf" || text == "-Inf") return true;
  if (text.starts_with('-')) text.remove_prefix(1);
  double value = 0;
  return scan::number(text, value);
}

class Reader {
 public:
  std::string fault_of(std::string_view text) {
    if (!text.empty() && text.back() != '\n') return "the last line has no end";
    if (!is_utf8(text)) return "it is no UTF-8";
    for (std::size_t line = 1; !text.empty(); ++line)
      if (const auto fault = fault_of_line(scan::take_line(text)); !fault.empty())
        return "line " + std::to_string(line) + ": " + fault;
    return {};
  }

 private:
  std::string fault_of_line(std::string_view line) {
    if (line.starts_with("# HELP ")) return fault_of_help(line.substr(7));
    if (line.starts_with("# TYPE ")) return fault_of_type(line.substr(7));
    if (line.starts_with("# ")) return {};
    return fault_of_sample(line);
  }

  std::string fault_of_help(std::string_view rest) {
    helped_ = take_name(rest);
    if (helped_.empty() || !rest.starts_with(' ') || rest.size() < 3) return "help says nothing";
    return families_.contains(helped_) ? "a family's second head" : "";
  }

  std::string fault_of_type(std::string_view rest) {
    family_ = take_name(rest);
    if (family_ != helped_ || family_.empty()) return "type and help tell of different families";
    if (!families_.insert(family_).second) return "a family's second head";
    type_ = rest;
    constexpr std::string_view types[] = {" counter", " gauge", " untyped", " histogram", " summary"};
    return std::ranges::find(types, rest) != std::end(types) ? "" : "no such type";
  }

  std::string fault_of_sample(std::string_view line) {
    const auto whole = line;
    if (!is_of_family(take_name(line))) return "a sample without its head, or apart from its family";
    if (line.starts_with('{'))
      if (const auto fault = fault_of_labels(line); !fault.empty()) return fault;
    const auto series = whole.substr(0, whole.size() - line.size());
    if (!series_.insert(series).second) return "a series twice";
    if (!line.starts_with(' ') || !is_number(line.substr(1))) return "the value is no number";
    if (type_ == " counter" && line[1] == '-') return "a negative counter";
    return {};
  }

  bool is_of_family(std::string_view name) const {
    if (family_.empty() || !name.starts_with(family_)) return false;
    name.remove_prefix(family_.size());
    const bool summary = type_ == " summary", histogram = type_ == " histogram";
    if (name == "_sum" || name == "_count") return summary || histogram;
    return histogram ? name == "_bucket" : name.empty();
  }

  // {a="1",b="2"}; le and quantile come last.
  std::string fault_of_labels(std::string_view& line) {
    std::string_view last;
    do {
      line.remove_prefix(1);
      const auto name = take_name(line);
      if (name.empty() || !line.starts_with("=\"")) return "a label without name or value";
      const bool bound = (name == "le" && type_ == " histogram") || (name == "quantile" && type_ == " summary");
      if (name <= last && !bound) return "labels are out of order";
      last = name;
      line.remove_prefix(2);
      if (!take_value(line)) return "a label's value is not closed or badly escaped";
    } while (line.starts_with(','));
    if (!line.starts_with('}')) return "labels are not closed";
    line.remove_prefix(1);
    return {};
  }

  static bool take_value(std::string_view& line) {
    for (; !line.empty() && line.front() != '"'; line.remove_prefix(1)) {
      if (line.front() != '\\') continue;
      line.remove_prefix(1);
      if (line.empty() || (line.front() != '\\' && line.front() != '"' && line.front() != 'n')) return false;
    }
    if (line.empty()) return false;
    line.remove_prefix(1);
    return true;
  }

  std::string_view helped_, family_, type_;
  std::set<std::string_view> families_, series_;
};

}  // namespace

std::string fault_of_exposition(std::string_view text) { return Reader().fault_of(text); }

}  // namespace vitald::test
