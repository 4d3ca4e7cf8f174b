#include "http/head.hpp"

#include "collectors/base/scan.hpp"
#include "http/head_line.hpp"
#include "http/word.hpp"

namespace vitald::http {
namespace {

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
constexpr Known known_fields[] = {
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
  for (const auto& each : known_fields)
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

}  // namespace

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
