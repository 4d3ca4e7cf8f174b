#pragma once
// Which handler answers which target. A handler does no I/O: first it says which readings it needs, then it makes
// the reply from them, so a test calls it as it is.
#include "http/events/events.hpp"
#include "http/readings.hpp"
#include "http/reply.hpp"
#include "http/request.hpp"

#include <span>

namespace vitald::http {

struct Context;  // what handlers may know, in http/api.hpp

using Answer = std::function<void(Reply)>;

// What must be there before the reply is made, or why there will be none.
struct Plan {
  std::shared_ptr<const Reply> refusal;
  Selection needs;
  // Not null: it answers by calling this, on the loop, once, and not before `later` has returned. `reply` is not asked.
  std::function<void(Answer)> later = nullptr;
  Listen listen = nullptr;  // not null: the reply is a stream of events, as long as the client listens
};

struct Route {
  Method method;
  // "/metrics", or "/api/v1/collectors/*", whose star stands for one part of the path, not an empty one; there is one
  // at most. The first that fits answers.
  std::string_view pattern;
  std::string_view about;                        // OpenAPI's summary
  Plan (*plan)(const Request&, const Context&);  // null: needs nothing
  Reply (*reply)(const Request&, const Context&, const View&);
  Class access = Class::open;
  bool takes_body = false;  // else one is refused before it comes
};

// The route, with Request::tail filled in; or none, and then `refusal` is a 404, a 405 with its Allow, the answer to
// OPTIONS, or a 301 where the path is another way to write one of ours. HEAD finds what GET finds.
const Route* find(std::span<const Route> routes, Request& request, Reply& refusal);

Plan refuse(Reply reply);

}  // namespace vitald::http
