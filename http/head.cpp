#include "http/head.hpp"

#include "collectors/base/scan.hpp"
#include "http/word.hpp"

namespace vitald::http {
namespace {

// ---- the first line

Method method_of(std::string_view word) {
  using enum Method;
  for (const auto each : {get, head, options, post, put, patch, remove})
    if (word == name_of(each)) return each;
  return other;
}

bool digit(char c) { return c >= '0' && c <= '9'; }

Status read_version(std::string_view word, bool& http_1_0) {
  if (word.size() != 8 || !word.starts_with("HTTP/") || !digit(word[5]) || word[6] != '.' || !digit(word[7]))
    return Status::bad_request;
  http_1_0 = word[7] == '0';
  return word[5] == '1' ? Status::ok : Status::version_not_supported;
}

bool is_target(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f' && c != '#'; });
}

// "http://host:port/path": the host in it counts, not the Host field.
bool split_absolute(std::string_view& target, std::string_view& host) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!same_word(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    host = target.substr(0, target.find_first_of("/?"));
    target.remove_prefix(host.size());
    return !host.empty();
  }
  return false;
}

// "*" is for OPTIONS alone, "host:port" for CONNECT, which nobody serves: it is only to be refused as a method.
Status read_target(std::string_view target, Head& out) {
  if (!is_target(target)) return Status::bad_request;
  const bool fits = target.starts_with('/') || split_absolute(target, out.host) || out.method == Method::other ||
                    (target == "*" && out.method == Method::options);
  if (!fits) return Status::bad_request;
  out.path = target.substr(0, target.find('?'));
  out.query = target.substr(std::min(out.path.size() + 1, target.size()));
  if (out.path.empty()) out.path = "/";
  return Status::ok;
}

Status read_first_line(std::string_view line, Head& out) {
  const auto method = scan::take_until(line, ' ');
  const auto target = scan::take_until(line, ' ');
  if (!is_token(method)) return Status::bad_request;
  if (const auto status = read_version(line, out.http_1_0); status != Status::ok) return status;
  out.method = method_of(method);
  return read_target(target, out);
}

// ---- the fields

struct Fields {
  Head& head;
  int hosts = 0, lengths = 0, codings = 0, credentials = 0, origins = 0;
  std::string_view host = {};
  Status fault = Status::ok;
};

void connection(Fields& fields, std::string_view value) {
  while (!value.empty())
    if (same_word(scan::trimmed(scan::take_until(value, ',')), "close")) fields.head.close = true;
}

void content_length(Fields& fields, std::string_view value) {
  ++fields.lengths;
  fields.head.has_length = true;
  if (!scan::number(value, fields.head.length)) fields.fault = Status::bad_request;
}

// Chunks are the only coding; what else there may be must not be taken for plain bytes.
void transfer_encoding(Fields& fields, std::string_view value) {
  ++fields.codings;
  if (same_word(value, "chunked"))
    fields.head.chunked = true;
  else
    fields.fault = is_token(value) ? Status::not_implemented : Status::bad_request;
}

void expect(Fields& fields, std::string_view value) {
  fields.head.wants_continue = same_word(value, "100-continue");
  if (!fields.head.wants_continue && fields.fault == Status::ok) fields.fault = Status::expectation_failed;
}

void host(Fields& fields, std::string_view value) {
  ++fields.hosts;
  fields.host = value;
  if (!is_authority(value)) fields.fault = Status::bad_request;
}

void forwarded(Fields& fields, std::string_view) { fields.head.forwarded = true; }

template <std::string_view Head::*Member>
void keep(Fields& fields, std::string_view value) {
  if ((fields.head.*Member).empty()) fields.head.*Member = value;
}

void authorization(Fields& fields, std::string_view value) {
  ++fields.credentials;
  fields.head.authorization = value;
}

void origin(Fields& fields, std::string_view value) {
  ++fields.origins;
  fields.head.origin = value;
}

struct Known {
  std::string_view name;
  void (*take)(Fields&, std::string_view);
};
constexpr Known known[] = {
    {"host", host},
    {"connection", connection},
    {"accept", keep<&Head::accept>},
    {"accept-encoding", keep<&Head::accept_encoding>},
    {"authorization", authorization},
    {"content-length", content_length},
    {"content-type", keep<&Head::content_type>},
    {"expect", expect},
    {"forwarded", forwarded},
    {"if-none-match", keep<&Head::if_none_match>},
    {"last-event-id", keep<&Head::last_event_id>},
    {"origin", origin},
    {"transfer-encoding", transfer_encoding},
    {"via", forwarded},
    {"x-prometheus-scrape-timeout-seconds", keep<&Head::scrape_timeout>},
    {"x-real-ip", forwarded},
};

bool read_field(std::string_view line, Fields& fields) {
  const auto colon = line.find(':');
  if (colon == line.npos || !is_token(line.substr(0, colon))) return false;  // also " folded" and "Name :"
  const auto name = line.substr(0, colon), value = scan::trimmed(line.substr(colon + 1));
  if (value.find('\r') != value.npos) return false;
  for (const auto& each : known)
    if (same_word(name, each.name)) {
      each.take(fields, value);
      return true;
    }
  constexpr std::string_view proxies = "x-forwarded-";
  if (same_word(name.substr(0, proxies.size()), proxies)) fields.head.forwarded = true;
  return true;
}

// What no field can tell alone.
Status judge(const Fields& fields) {
  const auto& head = fields.head;
  if (fields.hosts > 1 || (fields.hosts == 0 && !head.http_1_0)) return Status::bad_request;
  if (fields.lengths > 1 || fields.codings > 1 || fields.lengths + fields.codings > 1) return Status::bad_request;
  if (fields.codings == 1 && head.http_1_0) return Status::bad_request;
  if (fields.credentials > 1 || fields.origins > 1) return Status::bad_request;
  return fields.fault;
}

std::string_view take_line(std::string_view& text) {
  const auto line = scan::take_line(text);
  return line.substr(0, line.size() - std::min<std::size_t>(line.size(), 1));  // without its CR
}

std::string_view without_leading_line(std::string_view text) {
  return text.starts_with("\r\n") ? text.substr(2) : text;
}

// ---- the end

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

Status read_head(std::string_view text, Head& out) {
  out = {};
  text = without_leading_line(text);
  if (const auto status = read_first_line(take_line(text), out); status != Status::ok) return status;
  Fields fields{out};
  for (auto line = take_line(text); !line.empty(); line = take_line(text))
    if (!read_field(line, fields)) return Status::bad_request;
  if (out.host.empty()) out.host = fields.host;
  if (!is_authority(out.host)) return Status::bad_request;
  return judge(fields);
}

std::string_view guessed_path(std::string_view text) {
  scan::take_until(text, ' ');
  return text.substr(0, text.find_first_of(" ?\r\n"));
}

}  // namespace vitald::http
