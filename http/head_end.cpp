// Where a head ends, or why it never will.
#include "http/head_line.hpp"

#include <algorithm>

namespace vitald::http {
namespace {

bool forbidden(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < ' ' && c != '\t' && c != '\r') || byte == 0x7f;
}

// Of a head that has not come whole: whether it still can become one.
Status judge_beginning(std::string_view text, const HeadLimits& limits) {
  const auto line_end = without_leading_line(text).find('\n');
  if (line_end == text.npos) return text.size() > limits.line ? Status::uri_too_long : Status::ok;
  if (text.size() > limits.head) return Status::header_fields_too_large;
  Head ignored;
  auto rest = without_leading_line(text);
  return read_first_line(take_line(rest), ignored);
}

Status judge_size(std::string_view head, const HeadLimits& limits) {
  if (without_leading_line(head).find('\n') > limits.line) return Status::uri_too_long;
  return head.size() > limits.head ? Status::header_fields_too_large : Status::ok;
}

}  // namespace

// At most one empty line may come first, as some old clients send it behind a body.
HeadEnd find_head_end(std::string_view text, std::size_t& seen, const HeadLimits& limits) {
  for (; seen < text.size(); ++seen) {
    const std::size_t at = seen;
    const char before = at == 0 ? '\0' : text[at - 1];
    if ((text[at] == '\n') != (before == '\r')) return {Status::bad_request, 0};
    if (text[at] != '\n') {
      if (forbidden(text[at])) return {Status::bad_request, 0};
      continue;
    }
    if (at < 3 || text[at - 2] != '\n') continue;
    if (at == 3) return {Status::bad_request, 0};
    return {judge_size(text.substr(0, ++seen), limits), seen};
  }
  return {judge_beginning(text, limits), 0};
}

}  // namespace vitald::http
