// A connection's second half: the reply goes out.
#include "http/server.hpp"
#include "http/work.hpp"

namespace vitald::http {

// Mostly the socket takes it all at once, and then nothing of it is kept.
bool Session::send(const Reply& reply) {
  keep_ = keep_ && !server_.draining_;
  auto& head = server_.reply_head_;
  auto& parts = server_.reply_parts_;
  head.clear();
  write_head(reply, server_.date(), server_.context_.security_fields, keep_, head);
  parts.clear();
  parts.push_back(part_of(head.view()));
  if (reply.body && work_->request.method != Method::head)
    for (const auto& part : reply.body->parts) parts.push_back(part_of(part.bytes));
  std::span<iovec> left(parts);
  Moved moved = stream_.write(left);
  while (moved.now == Moved::Now::done) {
    server_.traffic_.sent_bytes += moved.bytes;
    if (!drop(left, moved.bytes)) return sent();
    moved = stream_.write(left);
  }
  if (moved.now == Moved::Now::failed || moved.now == Moved::Now::ended) return gone();
  keep_rest(reply, left);
  step_ = &Session::write;
  enter(Phase::write);
  return wait(moved.now);
}

void Session::keep_rest(const Reply& reply, std::span<const iovec> left) {
  pending_ = std::make_unique<Pending>();
  auto& pending = *pending_;
  pending.body = reply.body;
  pending.all.assign(left.begin(), left.end());
  auto& first = pending.all.front();
  const auto head = server_.reply_head_.view();
  const auto* const at = static_cast<const char*>(first.iov_base);
  if (at >= head.data() && at < head.data() + head.size()) {  // of the head, which the next reply overwrites
    pending.head.assign(at, first.iov_len);
    first = part_of(pending.head);
  }
  pending.left = pending.all;
}

bool Session::write() {
  for (;;) {
    const auto moved = stream_.write(pending_->left);
    if (moved.now != Moved::Now::done) return wait(moved.now);
    server_.traffic_.sent_bytes += moved.bytes;
    if (drop(pending_->left, moved.bytes)) continue;
    pending_.reset();
    return sent();
  }
}

bool Session::sent() {
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - work_->began;
  server_.traffic_.request_seconds += took.count();
  if (!keep_ || server_.draining_) {
    server_.take_back(std::move(work_));
    step_ = &Session::end;
    return enter(Phase::linger);
  }
  step_ = &Session::read;
  return enter(Phase::idle);
}

// Ends our side and waits a little for the client's: closing over unread bytes would destroy the reply on its way.
bool Session::end() {
  const auto moved = stream_.end();
  if (moved.now != Moved::Now::done) return wait(moved.now);
  step_ = &Session::linger;
  return true;
}

bool Session::linger() {
  Moved moved{Moved::Now::done};
  for (; lingered_ < most_lingering && moved.now == Moved::Now::done; ++lingered_) moved = stream_.read_away();
  return moved.now == Moved::Now::done ? gone() : wait(moved.now);
}

}  // namespace vitald::http
