#include "http/head_line.hpp"

#include "collectors/base/scan.hpp"
#include "http/word.hpp"

namespace vitald::http {
namespace {

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

}  // namespace

Status read_first_line(std::string_view line, Head& out) {
  const auto method = scan::take_until(line, ' ');
  const auto target = scan::take_until(line, ' ');
  if (!is_token(method)) return Status::bad_request;
  if (const auto status = read_version(line, out.http_1_0); status != Status::ok) return status;
  out.method = method_of(method);
  return read_target(target, out);
}

std::string_view take_line(std::string_view& text) {
  const auto line = scan::take_line(text);
  return line.substr(0, line.size() - std::min<std::size_t>(line.size(), 1));  // without its CR
}

std::string_view without_leading_line(std::string_view text) {
  return text.starts_with("\r\n") ? text.substr(2) : text;
}

}  // namespace vitald::http
