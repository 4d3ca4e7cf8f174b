#include "http/session.hpp"

#include "http/server.hpp"
#include "http/work.hpp"

#include <boost/asio/post.hpp>

namespace vitald::http {
namespace {

constexpr int steps_a_turn = 128;  // then others have theirs: of requests that came at once, some thirty

}  // namespace

Session::Session(Server& server, int socket, const Peer& peer)
    : server_(server), stream_(socket), peer_(peer), step_(&Session::read) {
  if (peer.kind != Peer::Kind::unix_socket && server.context_.gate)
    if (auto layer = server.context_.gate->layer_for(socket)) {
      stream_.put_on(std::move(layer));
      step_ = &Session::shake_hands;
    }
}
Session::~Session() = default;

void Session::go_on() {
  try {
    for (int steps = 0; open_ && (this->*step_)();) {
      if (++steps < steps_a_turn) continue;
      boost::asio::post(server_.loop_, [self = shared_from_this()] { self->go_on(); });
      return;
    }
  } catch (const std::exception&) {  // no memory, most likely: it costs this connection
    close();
  }
}

bool Session::wait(Moved::Now what) {
  if (what == Moved::Now::ended || what == Moved::Now::failed) return gone();
  const bool writes = what == Moved::Now::wait_to_write;
  if (writes && !write_watched_) server_.poller_.watch_writing(stream_.socket(), *this);
  if (!writes && !watched_) server_.poller_.watch(stream_.socket(), *this);
  watched_ = true;
  write_watched_ = write_watched_ || writes;
  waits_for_ = what;
  server_.arm();
  return false;
}

// Who waits for nothing will look by itself before it waits.
void Session::ready(Change change) {
  if (change.to_read) stream_.told(change.ending);
  const bool good = waits_for_ == Moved::Now::wait_to_read ? change.to_read : change.to_write;
  if (!open_ || waits_for_ == Moved::Now::done || !good) return;
  waits_for_ = Moved::Now::done;
  const auto self = shared_from_this();
  go_on();
}

bool Session::enter(Phase phase) {
  server_.roster_.move(*this, phase, std::chrono::steady_clock::now());
  return true;
}

bool Session::gone() {
  close();
  return false;
}

void Session::time_is_over() {
  if (standing.phase == Phase::idle) static_cast<void>(stream_.end());
  close();
}

void Session::close() {
  if (!std::exchange(open_, false)) return;
  if (watched_) server_.poller_.forget(stream_.socket());
  stream_.close();
  if (work_) server_.take_back(std::move(work_));
  pending_.reset();
  server_.closed(*this);
}

bool Session::shake_hands() {
  if (!server_.take_turn(*this)) return false;
  const auto moved = stream_.shake_hands(peer_);
  if (moved.now == Moved::Now::failed) server_.traffic_.refused(Refusal::handshake_failed);
  if (moved.now != Moved::Now::done) return wait(moved.now);
  step_ = &Session::read;
  return enter(Phase::first_head);
}

}  // namespace vitald::http
