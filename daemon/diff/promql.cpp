#include "daemon/diff/promql.hpp"

#include "collectors/base/scan.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace vitald::diff {
namespace {

constexpr bool word_letter(char c) { return scan::plain(c) || c == ':'; }
constexpr bool digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string lower(std::string_view word) {
  std::string out(word);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

template <std::size_t N>
bool is_one_of(const std::string& word, const std::string_view (&words)[N]) {
  return std::ranges::find(words, word) != std::end(words);
}

constexpr std::string_view lists[] = {"by", "without", "on", "ignoring", "group_left", "group_right"};
constexpr std::string_view others[] = {"and", "or", "unless", "atan2", "offset", "bool", "inf", "nan"};
constexpr std::string_view aggregations[] = {"avg",    "bottomk",     "count", "count_values", "group",
                                             "limitk", "limit_ratio", "max",   "min",          "quantile",
                                             "stddev", "stdvar",      "sum",   "topk"};

// Grafana's $name, ${name} or [[name]] at the beginning of the text: how long it is; 0: there is none.
std::size_t variable_at(std::string_view text, Dialect dialect) {
  if (dialect != Dialect::panel) return 0;
  const auto until = [&](std::string_view end) {
    const auto at = text.find(end);
    return at == text.npos ? 0 : at + end.size();
  };
  if (text.starts_with("${")) return until("}");
  if (text.starts_with("[[")) return until("]]");
  if (!text.starts_with('$') || text.size() < 2 || !scan::plain(text[1]) || digit(text[1])) return 0;
  std::size_t size = 1;
  while (size < text.size() && scan::plain(text[size])) ++size;
  return size;
}

class Reader {
 public:
  Reader(std::string_view text, Dialect dialect) : text_(text), dialect_(dialect) {}

  std::vector<Selector> all() {
    while (skip(), !text_.empty()) piece();
    return std::move(found_);
  }

 private:
  void skip() {  // blanks and comments
    while (!text_.empty() && (blank(text_.front()) || text_.front() == '#'))
      text_.remove_prefix(text_.front() == '#' ? std::min(text_.find('\n'), text_.size()) : 1);
  }

  void piece() {
    const char c = text_.front();
    if (c == '"' || c == '\'' || c == '`')
      text();
    else if (c == '{')
      selector({});
    else if (digit(c))
      while (!text_.empty() && (scan::plain(text_.front()) || text_.front() == '.')) text_.remove_prefix(1);
    else if (word_letter(c) || variable_at(text_, dialect_) != 0)
      word();
    else if (c == '[')
      text_.remove_prefix(std::min(text_.find(']'), text_.size() - 1) + 1);
    else
      text_.remove_prefix(1);
  }

  void word() {
    Selector out;
    while (!text_.empty()) {
      const auto size = variable_at(text_, dialect_);
      if (size == 0 && !word_letter(text_.front())) break;
      out.variable = out.variable || size != 0;
      if (size == 0) out.name += text_.front();
      text_.remove_prefix(std::max<std::size_t>(size, 1));
    }
    skip();
    const char next = text_.empty() ? '\0' : text_.front();
    const auto known = lower(out.name);
    if (out.variable && next != '{') return;  // a number, a duration or a whole expression
    if (is_one_of(known, lists)) {
      if (next == '(') text_.remove_prefix(std::min(text_.find(')'), text_.size() - 1) + 1);
    } else if (next != '(' && !is_one_of(known, others) && !(is_one_of(known, aggregations) && list_follows())) {
      selector(std::move(out));
    }
  }

  bool list_follows() const {
    std::size_t size = 0;
    while (size < text_.size() && word_letter(text_[size])) ++size;
    return is_one_of(lower(text_.substr(0, size)), lists);
  }

  void selector(Selector out) {
    if (text_.starts_with('{')) {
      text_.remove_prefix(1);
      while (skip(), !text_.empty() && text_.front() != '}') matcher(out);
      if (!text_.empty()) text_.remove_prefix(1);
    }
    if (!out.name.empty() || !out.matchers.empty()) found_.push_back(std::move(out));
  }

  // label="value", or a name in quotes alone: {"my.metric"}
  void matcher(Selector& out) {
    std::string label;
    const bool quoted = text_.front() == '"' || text_.front() == '\'';
    if (quoted) label = text();
    while (!quoted && !text_.empty() && word_letter(text_.front())) label += text_.front(), text_.remove_prefix(1);
    skip();
    const auto op = take_op();
    skip();
    const bool has_value = !text_.empty() && (text_.front() == '"' || text_.front() == '\'' || text_.front() == '`');
    if (op && has_value)
      add(out, {*op, std::move(label), text()});
    else if (quoted && !op)
      out.name = std::move(label);
    else if (!text_.empty() && text_.front() != '}')
      text_.remove_prefix(1);  // a comma, or what is no matcher
  }

  void add(Selector& out, Matcher matcher) {
    for (std::size_t i = 0; i < matcher.value.size(); ++i)
      matcher.variable = matcher.variable || variable_at(std::string_view(matcher.value).substr(i), dialect_) != 0;
    if (matcher.label == "__name__" && matcher.op == Matcher::Op::equal && !matcher.variable)
      out.name = std::move(matcher.value);
    else if (matcher.label == "__name__" && matcher.variable)
      out.variable = true;
    else
      out.matchers.push_back(std::move(matcher));
  }

  std::optional<Matcher::Op> take_op() {
    using enum Matcher::Op;
    constexpr std::pair<std::string_view, Matcher::Op> ops[] = {
        {"=~", matches}, {"!~", not_matches}, {"!=", not_equal}, {"=", equal}};
    for (const auto& [word, op] : ops)
      if (text_.starts_with(word)) {
        text_.remove_prefix(word.size());
        return op;
      }
    return {};
  }

  std::string text() {  // without its quotes and escapes
    const char quote = text_.front();
    std::string out;
    for (text_.remove_prefix(1); !text_.empty() && text_.front() != quote; text_.remove_prefix(1)) {
      if (text_.front() == '\\' && quote != '`' && text_.size() > 1) {
        text_.remove_prefix(1);
        const char c = text_.front();
        out += c == 'n' ? '\n' : c == 't' ? '\t' : c;
      } else {
        out += text_.front();
      }
    }
    if (!text_.empty()) text_.remove_prefix(1);
    return out;
  }

  std::string_view text_;
  Dialect dialect_;
  std::vector<Selector> found_;
};

}  // namespace

std::vector<Selector> selectors(std::string_view expression, Dialect dialect) {
  return Reader(expression, dialect).all();
}

}  // namespace vitald::diff
