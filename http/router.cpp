#include "http/router.hpp"

#include "collectors/base/scan.hpp"

namespace vitald::http {
namespace {

bool fits(std::string_view pattern, Request& request) {
  const auto star = pattern.find('*');
  if (star == pattern.npos) return request.path == pattern;
  const auto before = pattern.substr(0, star), behind = pattern.substr(star + 1);
  if (request.path.size() <= before.size() + behind.size()) return false;
  if (!request.path.starts_with(before) || !request.path.ends_with(behind)) return false;
  request.tail = request.path.substr(star, request.path.size() - before.size() - behind.size());
  return request.tail.find('/') == request.tail.npos;
}

void add(std::string& allow, Method method) {
  if (!allow.empty()) allow += ", ";
  allow += name_of(method);
  if (method == Method::get) allow += ", HEAD";
}

Reply refusal_of(const Request& request, std::string allow) {
  if (allow.empty() && request.method == Method::options && request.path == "*") add(allow, Method::get);
  // A method that nobody knows is no question of the path.
  if (allow.empty() && request.method == Method::other) add(allow, Method::get);
  if (allow.empty()) return error(request.path, Status::not_found, "not found");
  allow += ", OPTIONS";
  Reply reply;
  reply.code = Status::no_content;
  if (request.method != Method::options)
    reply = error(request.path, Status::method_not_allowed, "method not allowed; allowed: " + allow);
  reply.allow = std::move(allow);
  return reply;
}

// The path without empty parts, "." and "..", as RFC 3986 5.2.4 takes them out.
std::string normal(std::string_view path) {
  std::string out;
  for (bool last = false; !last;) {
    last = path.find('/') == path.npos;
    const auto part = scan::take_until(path, '/');
    if (part == "..") out.resize(std::min(out.rfind('/'), out.size()));
    const bool named = !part.empty() && part != "." && part != "..";
    if (named) out.append("/").append(part);
    if (last && !named) out += '/';
  }
  return out;
}

// "//metrics" and "/x/../metrics" are sent to "/metrics": a path of ours, so nothing that a client chose but its query
// gets into the head, and it leads nowhere else.
const Route* meant(std::span<const Route> routes, const Request& request) {
  if (request.path.find("//") == request.path.npos && request.path.find("/.") == request.path.npos) return nullptr;
  const auto path = normal(request.path);
  for (const auto& route : routes)
    if (route.method == Method::get && route.pattern == path) return &route;
  return nullptr;
}

Reply redirection(const Route& route, const Request& request) {
  auto place = std::string(route.pattern);
  if (!request.query.empty()) place.append("?").append(request.query);
  auto reply = plain(Status::moved_permanently, "moved to " + place);
  reply.fields = "Location: " + place + "\r\n";
  return reply;
}

}  // namespace

const Route* find(std::span<const Route> routes, Request& request, Reply& refusal) {
  const auto method = request.method == Method::head ? Method::get : request.method;
  std::string allow;
  for (const auto& route : routes) {
    if (!fits(route.pattern, request)) continue;
    if (route.method == method) return &route;
    add(allow, route.method);
  }
  const bool is_asked = allow.empty() && method == Method::get;
  if (const auto* const other = is_asked ? meant(routes, request) : nullptr)
    refusal = redirection(*other, request);
  else
    refusal = refusal_of(request, std::move(allow));
  return nullptr;
}

Plan refuse(Reply reply) { return {std::make_shared<const Reply>(std::move(reply)), {}, nullptr, nullptr}; }

}  // namespace vitald::http
