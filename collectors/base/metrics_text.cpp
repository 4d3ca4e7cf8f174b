#include "collectors/base/metrics_text.hpp"

#include "collectors/base/metrics_words.hpp"
#include "collectors/base/utf8.hpp"

#include <algorithm>
#include <functional>

namespace vitald::metrics_text {
namespace {

constexpr Flaw good{};

bool kind_of(std::string_view word, Kind& out) {
  for (const auto kind : {Kind::untyped, Kind::counter, Kind::gauge, Kind::histogram, Kind::summary}) {
    const auto name = name_of(kind);
    const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; };
    if (std::ranges::equal(word, name, same)) return out = kind, true;
  }
  return false;
}

// Whether `name` is the family's with one of these endings.
bool ends_as(std::string_view name, std::string_view family, std::initializer_list<std::string_view> endings) {
  return name.starts_with(family) && std::ranges::find(endings, name.substr(family.size())) != endings.end();
}

bool bound(std::span<const Label> labels, std::string_view name) {
  const auto at = std::ranges::find(labels, name, &Label::name);
  double value = 0;
  return at != labels.end() && parse_number(at->value, value);
}

bool parse_timestamp(std::string_view word, std::int64_t& out) {
  if (word.starts_with('+') && !word.starts_with("+-")) word.remove_prefix(1);
  return scan::number(word, out);
}

// Takes a label's value up to its closing quote, with the escapes in it.
bool take_quoted(std::string_view& rest, std::string_view& out, bool& escaped) {
  std::size_t at = 0;
  for (; at < rest.size() && rest[at] != '"'; ++at)
    if (rest[at] == '\\') escaped = true, ++at;
  if (at >= rest.size()) return false;
  out = rest.substr(0, at);
  rest.remove_prefix(at + 1);
  return true;
}

}  // namespace

Result<void> Document::parse(std::string_view text) {
  families_.clear();
  samples_.clear();
  labels_.clear();
  by_name_.clear();
  by_series_.clear();
  unescaped_.clear();
  if (text.size() > UINT32_MAX) return Fault{Parse::too_large, "metrics"};
  if (text.find('\\') != text.npos) unescaped_.reserve(text.size());
  for (std::size_t number = 1; !text.empty(); ++number) {
    std::string_view whole;
    const bool ended = scan::take_whole_line(text, whole);
    skip_blanks(whole);
    auto flaw = ended || whole.empty() ? line(whole, number) : Flaw::cut;
    if (families_.size() > most_ || samples_.size() > most_) flaw = Flaw::too_many;
    if (flaw != good) return Fault{flaw, "metrics", number};
  }
  return {};
}

void Document::give_back() { *this = Document(most_); }

Flaw Document::line(std::string_view rest, std::size_t number) {
  if (rest.empty()) return good;
  return rest.front() == '#' ? comment(rest.substr(1)) : sample(rest, number);
}

// A remark of no meaning, unless its first word is HELP or TYPE and more follows.
Flaw Document::comment(std::string_view rest) {
  const auto word = scan::take_word(rest);
  skip_blanks(rest);
  if ((word != "HELP" && word != "TYPE") || rest.empty()) return good;
  const auto name = take_metric_name(rest);
  if (name.empty()) return Flaw::no_name;
  if (rest.empty()) return good;
  if (!scan::blank(rest.front())) return Flaw::no_name;
  std::uint32_t at = 0;
  family_of(name, at);
  auto& family = families_[at];
  skip_blanks(rest);
  if (rest.empty()) return good;
  if (word == "HELP") return help(family, rest);
  if (family.has_type || family.samples != 0) return Flaw::second_type;
  family.has_type = true;
  return kind_of(rest, family.kind) ? good : Flaw::unknown_type;
}

Flaw Document::help(Family& family, std::string_view rest) {
  if (family.has_help) return Flaw::second_help;
  family.has_help = true;
  family.help = rest;
  if (rest.find('\\') != rest.npos) {
    const auto from = unescaped_.size();
    if (!unescape(rest, false, unescaped_)) return Flaw::bad_escape;
    family.help = std::string_view(unescaped_).substr(from);
  }
  return utf8::all_valid(family.help) ? good : Flaw::not_utf8;
}

Flaw Document::sample(std::string_view rest, std::size_t number) {
  Sample made;
  made.line = static_cast<std::uint32_t>(number);
  made.name = take_metric_name(rest);
  if (made.name.empty()) return Flaw::no_name;
  family_of(made.name, made.family);
  made.first_label = static_cast<std::uint32_t>(labels_.size());
  skip_blanks(rest);
  if (rest.starts_with('{'))
    if (const auto flaw = labels(rest); flaw != good) return flaw;
  made.label_count = static_cast<std::uint32_t>(labels_.size()) - made.first_label;
  if (!parse_number(scan::take_word(rest), made.value)) return Flaw::bad_value;
  if (!rest.empty()) {
    std::int64_t timestamp = 0;
    if (!parse_timestamp(scan::take_word(rest), timestamp) || !rest.empty()) return Flaw::bad_timestamp;
    made.timestamp = timestamp;
  }
  auto& family = families_[made.family];
  if (const auto flaw = check(made, family); flaw != good) return flaw;
  samples_.push_back(made);
  ++family.samples;
  return good;
}

Flaw Document::labels(std::string_view& rest) {
  const auto from = labels_.size();
  do {
    rest.remove_prefix(1);  // the brace, or a comma
    skip_blanks(rest);
    if (rest.empty()) return Flaw::open_labels;
    if (rest.front() == '}') break;
    if (const auto flaw = label(rest); flaw != good) return flaw;
    skip_blanks(rest);
  } while (rest.starts_with(','));
  if (!rest.starts_with('}')) return Flaw::open_labels;
  rest.remove_prefix(1);
  return double_label(std::span(labels_).subspan(from)) ? Flaw::double_label : good;
}

Flaw Document::label(std::string_view& rest) {
  const auto name = take_label_name(rest);
  skip_blanks(rest);
  if (name.empty() || name == "__name__" || !rest.starts_with('=')) return Flaw::bad_label;
  rest.remove_prefix(1);
  skip_blanks(rest);
  if (!rest.starts_with('"')) return Flaw::bad_label;
  rest.remove_prefix(1);
  std::string_view value;
  bool escaped = false;
  if (!take_quoted(rest, value, escaped)) return Flaw::open_labels;
  if (escaped) {
    const auto from = unescaped_.size();
    if (!unescape(value, true, unescaped_)) return Flaw::bad_escape;
    value = std::string_view(unescaped_).substr(from);
  }
  if (!utf8::all_valid(value)) return Flaw::not_utf8;
  labels_.push_back({name, value});
  return good;
}

Flaw Document::check(const Sample& sample, Family& family) {
  const auto all = labels(sample);
  if (family.kind == Kind::histogram) {
    if (ends_as(sample.name, family.name, {"_bucket"})) {
      if (!bound(all, "le")) return Flaw::bad_bound;
    } else if (!ends_as(sample.name, family.name, {"_sum", "_count"})) {
      return Flaw::odd_sample;
    }
  }
  if (family.kind == Kind::summary && sample.name == family.name && !bound(all, "quantile")) return Flaw::bad_bound;
  return seen_before(sample) ? Flaw::double_series : good;
}

}  // namespace vitald::metrics_text
