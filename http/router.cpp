#include "http/router.hpp"

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

}  // namespace

const Route* find(std::span<const Route> routes, Request& request, Reply& refusal) {
  const auto method = request.method == Method::head ? Method::get : request.method;
  std::string allow;
  for (const auto& route : routes) {
    if (!fits(route.pattern, request)) continue;
    if (route.method == method) return &route;
    add(allow, route.method);
  }
  refusal = refusal_of(request, std::move(allow));
  return nullptr;
}

Plan refuse(Reply reply) { return {std::make_shared<const Reply>(std::move(reply)), {}, nullptr, nullptr}; }

}  // namespace vitald::http
