// A connection that listens to a stream of events, until it leaves or the daemon ends.
#include "http/server.hpp"
#include "http/work.hpp"

#include <charconv>

namespace vitald::http {
namespace {

constexpr std::size_t most_unwanted = 64 * 1024;  // that a listener may say
constexpr std::string_view fields =
    "Content-Type: text/event-stream\r\nCache-Control: no-store\r\nX-Accel-Buffering: no\r\n";
constexpr std::string_view first_event = "retry: 2000\n\n", heartbeat_event = ": still here\n\n";

}  // namespace

Session::Feed::Feed(Server& its_server, Session& its_session) : server(its_server), session(its_session) {
  ++server.streams_;
}
Session::Feed::~Feed() { --server.streams_; }

// While something is on its way, the end of that will ask for more.
void Session::Feed::news() {
  if (!waits) return;
  const auto self = session.shared_from_this();
  self->go_on();
}

void Session::Feed::put(std::span<iovec>& left, Message next) {
  message = std::move(next);
  const auto shared = message.shared ? std::string_view(*message.shared) : std::string_view();
  parts.clear();
  if (chunked) {
    char digits[20];
    const auto* const end = std::to_chars(digits, std::end(digits), message.own.size() + shared.size(), 16).ptr;
    chunk_head.append(digits, static_cast<std::size_t>(end - digits)).append("\r\n");
  }
  if (!chunk_head.empty()) parts.push_back(part_of(chunk_head));
  for (const auto bytes : {std::string_view(message.own), shared})
    if (!bytes.empty()) parts.push_back(part_of(bytes));
  if (chunked) parts.push_back(part_of("\r\n"));
  left = parts;
  waits = false;
}

bool Session::listen(const Listen& to) {
  auto& work = *work_;
  const auto& context = server_.context_;
  if (server_.streams_ >= server_.limits_.streams) {
    auto full = error(work.request.path, Status::unavailable, "too many clients listen; --web.max-streams allows more");
    full.fields = "Retry-After: 5\r\n";
    context.own->answered(work.route->pattern, full.code);
    return send(full);
  }
  context.own->answered(work.route->pattern, Status::ok);
  Reply head;
  head.fields = fields;
  if (work.request.method == Method::head) return send(head);
  pending_ = std::make_unique<Pending>();
  auto& feed = *(pending_->feed = std::make_unique<Feed>(server_, *this));
  feed.chunked = !work.head.http_1_0;
  if (feed.chunked) head.fields += "Transfer-Encoding: chunked\r\n";
  keep_ = false;
  Out out;
  write_head(head, server_.date(), context.security_fields, keep_, out);
  feed.chunk_head = out.view();
  feed.put(pending_->left, {std::string(first_event), nullptr});
  feed.source = to(feed);
  stream_.keep_little();
  server_.take_back(std::move(work_));
  step_ = &Session::tell;
  return enter(Phase::write);
}

// Sends what is at hand, then what is next, or rests.
bool Session::tell() {
  auto& feed = *pending_->feed;
  auto& left = pending_->left;
  while (!left.empty()) {
    const auto moved = stream_.write(left);
    if (moved.now != Moved::Now::done) {
      if (standing.phase != Phase::write) enter(Phase::write);
      return wait(moved.now);
    }
    server_.traffic_.sent_bytes += moved.bytes;
    drop(left, moved.bytes);
  }
  feed.chunk_head.clear();
  if (feed.ended) {
    pending_.reset();
    step_ = &Session::end;
    return enter(Phase::linger);
  }
  if (server_.draining_) return end_of_stream();
  if (auto next = feed.source->next(); !next.empty()) {
    feed.put(left, std::move(next));
    return enter(Phase::write);
  }
  return rest();
}

bool Session::end_of_stream() {
  auto& feed = *pending_->feed;
  feed.ended = true;
  feed.source.reset();
  feed.waits = false;
  if (!feed.chunked) return true;
  feed.parts.assign(1, part_of("0\r\n\r\n"));
  pending_->left = feed.parts;
  return enter(Phase::write);
}

// Until there is news. What a listener says is forgotten, and its end is the stream's.
bool Session::rest() {
  auto& feed = *pending_->feed;
  for (;;) {
    const auto moved = stream_.read_away();
    feed.unwanted += moved.bytes;
    if (moved.now == Moved::Now::done && feed.unwanted > most_unwanted) return gone();
    if (moved.now == Moved::Now::done) continue;
    feed.waits = true;
    enter(Phase::listening);
    return wait(moved.now);
  }
}

void Session::heartbeat() {
  const auto self = shared_from_this();
  pending_->feed->put(pending_->left, {std::string(heartbeat_event), nullptr});
  go_on();
}

}  // namespace vitald::http
