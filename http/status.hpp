#pragma once
// Methods and status codes that this server knows (RFC 9110).
#include <cstdint>
#include <string_view>

namespace vitald::http {

enum class Method : std::uint8_t { get, head, options, post, put, patch, remove, other };

constexpr std::string_view name_of(Method method) {
  constexpr std::string_view names[] = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "other"};
  return names[static_cast<std::size_t>(method)];
}

enum class Status : std::uint16_t {
  ok = 200,
  no_content = 204,
  moved_permanently = 301,
  bad_request = 400,
  unauthorized = 401,
  forbidden = 403,
  not_found = 404,
  method_not_allowed = 405,
  gone = 410,
  content_too_large = 413,
  uri_too_long = 414,
  expectation_failed = 417,
  misdirected = 421,
  too_many_requests = 429,
  header_fields_too_large = 431,
  internal_error = 500,
  not_implemented = 501,
  unavailable = 503,
  version_not_supported = 505,
};

constexpr std::string_view reason_of(Status status) {
  switch (status) {
    case Status::ok: return "OK";
    case Status::no_content: return "No Content";
    case Status::moved_permanently: return "Moved Permanently";
    case Status::bad_request: return "Bad Request";
    case Status::unauthorized: return "Unauthorized";
    case Status::forbidden: return "Forbidden";
    case Status::not_found: return "Not Found";
    case Status::method_not_allowed: return "Method Not Allowed";
    case Status::gone: return "Gone";
    case Status::content_too_large: return "Content Too Large";
    case Status::uri_too_long: return "URI Too Long";
    case Status::expectation_failed: return "Expectation Failed";
    case Status::misdirected: return "Misdirected Request";
    case Status::too_many_requests: return "Too Many Requests";
    case Status::header_fields_too_large: return "Request Header Fields Too Large";
    case Status::internal_error: return "Internal Server Error";
    case Status::not_implemented: return "Not Implemented";
    case Status::unavailable: return "Service Unavailable";
    case Status::version_not_supported: return "HTTP Version Not Supported";
  }
  return "";
}

}  // namespace vitald::http
