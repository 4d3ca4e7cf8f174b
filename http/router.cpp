#include "http/router.hpp"

namespace vitald::http {
namespace {

bool fits(std::string_view pattern, Request& request) {
  if (!pattern.ends_with('*')) return request.path == pattern;
  pattern.remove_suffix(1);
  if (!request.path.starts_with(pattern) || request.path.size() == pattern.size()) return false;
  request.tail = request.path.substr(pattern.size());
  return request.tail.find('/') == request.tail.npos;
}

}  // namespace

const Route* find(std::span<const Route> routes, Request& request, Reply& refusal) {
  const auto method = request.method == Method::head ? Method::get : request.method;
  std::string allow;
  for (const auto& route : routes) {
    if (!fits(route.pattern, request)) continue;
    if (route.method == method) return &route;
    if (!allow.empty()) allow += ", ";
    allow += name_of(route.method);
    if (route.method == Method::get) allow += ", HEAD";
  }
  if (allow.empty()) {
    refusal = error(request.path, Status::not_found, "not found");
    return nullptr;
  }
  refusal = error(request.path, Status::method_not_allowed, "method not allowed; allowed: " + allow);
  refusal.allow = std::move(allow);
  return nullptr;
}

Plan refuse(Reply reply) { return {std::make_shared<const Reply>(std::move(reply)), {}}; }

}  // namespace vitald::http
