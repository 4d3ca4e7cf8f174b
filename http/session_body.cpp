// A request's body: waited for only where a resource takes one, and then within its length and time.
#include "http/server.hpp"
#include "http/work.hpp"

namespace vitald::http {

bool Session::begin_body() {
  auto& work = *work_;
  if (!work.route->takes_body) return refuse_body(Status::content_too_large, "this resource takes no body");
  work.body.begin(work.head, server_.limits_.body_bytes);
  step_ = &Session::read_body;
  enter(Phase::body);
  const bool waits = work.head.wants_continue && !work.head.http_1_0 && work.input.unread().empty();
  return !waits || work.body.fault() != Status::ok || invite();
}

// There is room for it, because all that went before was taken; who asks and does not read is let go.
bool Session::invite() {
  std::string_view line = "HTTP/1.1 100 Continue\r\n\r\n";
  const iovec part{const_cast<char*>(line.data()), line.size()};
  const auto moved = stream_.write({&part, 1});
  return (moved.now == Moved::Now::done && moved.bytes == line.size()) || gone();
}

bool Session::read_body() {
  auto& work = *work_;
  for (;;) {
    work.input.used(work.body.take(work.input.unread()));
    if (work.body.fault() == Status::content_too_large)
      return refuse_body(work.body.fault(), "the body is longer than --web.max-body-bytes allows");
    if (work.body.fault() != Status::ok) return refuse_body(work.body.fault(), "the body is not as HTTP has it");
    if (work.body.whole()) break;
    const auto moved = stream_.read(work.input.room());
    if (moved.now != Moved::Now::done) return wait(moved.now);
    work.input.came(moved.bytes);
  }
  keep_ = !work.head.close && !work.head.http_1_0;
  work.request.body = work.body.content();
  return carry_out();
}

// What is left of it is unread, so the connection ends.
bool Session::refuse_body(Status status, std::string_view why) {
  server_.traffic_.refused(status == Status::content_too_large ? Refusal::too_large : Refusal::malformed);
  server_.context_.own->answered(work_->route->pattern, status);
  return send(error(work_->request.path, status, why));
}

}  // namespace vitald::http
