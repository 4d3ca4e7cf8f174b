#include "http/server.hpp"

#include "http/work.hpp"

#include <boost/asio/post.hpp>

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>

namespace vitald::http {

using boost::system::error_code;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int accepts_a_turn = 64;  // then others have theirs
constexpr int handshakes_a_turn = 8;
constexpr std::size_t crowd_worth_trimming = 256, by_tls = 32, few = 8;

}  // namespace

struct Server::Listener {
  using Socket = boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>;
  Listener(boost::asio::io_context& loop, int fd, Peer::Kind kind_of_peers)
      : socket(loop, fd), pause(loop), kind(kind_of_peers) {}
  Listener(boost::asio::io_context& loop, Bound bound)
      : socket(loop, bound.take_socket()),
        file(bound.take_file()),
        pause(loop),
        kind(bound.place().kind),
        place(bound.place()) {}
  Socket socket;
  SocketFile file;
  boost::asio::steady_timer pause;
  void close() {
    error_code ignored;
    file.remove();
    socket.close(ignored);
    pause.cancel();
  }
  Peer::Kind kind;
  std::optional<Place> place;  // none: another made it
};

Server::Server(boost::asio::io_context& loop, const Context& context, Limits limits)
    : Server(loop, context, limits, routes(context)) {}

Server::Server(boost::asio::io_context& loop, const Context& context, Limits limits, std::vector<Route> its_routes)
    : loop_(loop),
      context_(context),
      limits_(limits),
      routes_(std::move(its_routes)),
      poller_(loop),
      roster_(limits.times()),
      timer_(loop) {}
Server::~Server() = default;

std::string Server::listen(const std::string& host, std::uint16_t port) {
  Place place;
  place.host = host;
  place.port = port;
  return listen(place).why;
}

Server::Fault Server::listen(const Place& place) {
  const auto made = listen_at(place);
  if (made.socket < 0) return {made.error, made.why};
  take({place, made});
  return {};
}

void Server::take(Bound bound) {
  const auto& listener = listeners_.emplace_back(std::make_unique<Listener>(loop_, std::move(bound)));
  if (accepting_) accept_first(*listener);
}

void Server::leave(const Place& place) {
  const auto at = std::ranges::find(listeners_, place, &Listener::place);
  if (at == listeners_.end()) return;
  auto gone = std::move(*at);
  listeners_.erase(at);
  gone->close();
  boost::asio::post(loop_, [gone = std::move(gone)] {});  // a wait of its may have ended just now
}

std::string Server::adopt(int fd) {
  Peer::Kind kind;
  auto why = fault_of_listening(fd, kind);
  if (!why.empty()) return why;
  listeners_.push_back(std::make_unique<Listener>(loop_, fd, kind));
  return why;
}

std::vector<std::string> Server::addresses() const {
  std::vector<std::string> all;
  for (const auto& listener : listeners_) all.push_back(address_of(listener->socket.native_handle()));
  return all;
}

// ---- connections come

void Server::accept() {
  accepting_ = true;
  for (const auto& listener : listeners_) accept_first(*listener);
}

// The user may have changed since the socket was made.
void Server::accept_first(Listener& listener) {
  if (listener.kind == Peer::Kind::unix_socket) trusted_ = trusted_here();
  accept_soon(listener);
}

void Server::accept_soon(Listener& listener) {
  listener.socket.async_wait(Listener::Socket::wait_read, [this, &listener](error_code ec) {
    if (!ec && listener.socket.is_open()) accept_from(listener);
  });
}

void Server::accept_from(Listener& listener) {
  for (int accepted = 0; accepted < accepts_a_turn; ++accepted) {
    Peer peer;
    const int socket = accept_one(listener.socket.native_handle(), listener.kind, trusted_, peer);
    if (socket >= 0)
      begin(socket, peer);
    else if (errno == EAGAIN || errno == EWOULDBLOCK)
      break;
    else if (errno != EINTR && errno != ECONNABORTED && !find_descriptor())
      return pause(listener);
  }
  accept_soon(listener);
}

bool Server::make_room() {
  const auto one = roster_.dispensable();
  if (!one) return false;
  traffic_.refused(Refusal::shed);
  one->close();
  return true;
}

// There are none left, most likely. Perhaps the limit was lowered; then files need some, too.
bool Server::find_descriptor() {
  const auto most = connections_for(descriptor_limit());
  limits_.connections = std::max<std::size_t>(std::min(limits_.connections, most), 1);
  bool found = make_room();
  while (roster_.size() > limits_.connections && make_room()) continue;
  return found || reserve_.give_up();
}

// Without it this would spin.
void Server::pause(Listener& listener) {
  listener.pause.expires_after(std::chrono::milliseconds(50));
  listener.pause.async_wait([this, &listener](error_code ec) {
    if (!ec && listener.socket.is_open()) accept_soon(listener);
  });
}

void Server::begin(int socket, const Peer& peer) {
  ++traffic_.accepted;
  if (limits_.connections_per_address != 0 && !crowd_.enter(peer, limits_.connections_per_address)) {
    traffic_.refused(Refusal::address_limit);
    ::close(socket);
    return;
  }
  if (roster_.size() >= limits_.connections) make_room();
  auto session = std::make_shared<Session>(*this, socket, peer);
  roster_.join(session, session->first_phase(), Clock::now());
  most_ = std::max(most_, roster_.size());
  session->begin();
}

// ---- connections end

void Server::closed(Session& session) {
  const auto kept = roster_.leave(session);
  poller_.bury(kept);
  if (limits_.connections_per_address != 0) crowd_.leave(session.peer());
  reserve_.hold();
  if (roster_.size() <= most_ / 8 || (was_crowd_ && roster_.size() <= few)) give_memory_back();
  if (roster_.size() != 0) return arm();
  timer_set_for_ = Time::max();  // nobody is here, so nothing is due: idle means no wake-ups
  timer_.cancel();
  if (draining_ && drained_) std::exchange(drained_, nullptr)();
}

// After a crowd the heap has holes, which it would keep. Later: who closes a session may hold it for a moment.
void Server::give_memory_back() {
  const auto worth_it = context_.gate ? by_tls : crowd_worth_trimming;
  const bool crowd = std::exchange(most_, roster_.size()) >= worth_it;
  if (!crowd && !was_crowd_) return;
  was_crowd_ = roster_.size() > few;  // then once more when they are gone, too
  spare_works_.clear();
  boost::asio::post(loop_, [] { ::malloc_trim(0); });
}

void Server::drain(std::function<void()> ended) {
  draining_ = true;
  for (const auto& listener : listeners_) listener->close();
  if (roster_.size() == 0) return ended();
  drained_ = std::move(ended);
  for (const auto phase : {Phase::idle, Phase::first_head, Phase::handshake})
    while (const auto session = roster_.first(phase)) session->close();
  while (const auto session = roster_.first(Phase::listening)) session->take_turn();  // which ends its stream
}

// ---- handshakes, which cost a millisecond or more each: a few, and then others have their turn

bool Server::take_turn(Session& session) {
  if (turns_ == 0) boost::asio::post(loop_, [this] { give_turns(); });
  if (turns_ < handshakes_a_turn) return ++turns_ != 0;
  turn_wanted_.push_back(session.shared_from_this());
  return false;
}

void Server::give_turns() {
  turns_ = 0;
  for (int given = 0; given < handshakes_a_turn && !turn_wanted_.empty(); ++given) {
    const auto session = std::move(turn_wanted_.front());
    turn_wanted_.pop_front();
    session->take_turn();
  }
  if (turns_ == 0 && !turn_wanted_.empty()) boost::asio::post(loop_, [this] { give_turns(); });  // those had gone
}

}  // namespace vitald::http
