#pragma once
// Listens, accepts, keeps connections within their limits and times, and ends them.
#include "http/api.hpp"
#include "http/crowd.hpp"
#include "http/descriptors.hpp"
#include "http/limits.hpp"
#include "http/listen.hpp"
#include "http/poller.hpp"
#include "http/session.hpp"
#include "http/traffic.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace vitald::http {

// The loop's thread only.
class Server {
 public:
  Server(boost::asio::io_context& loop, const Context& context, Limits limits);
  Server(boost::asio::io_context& loop, const Context& context, Limits limits, std::vector<Route> routes);
  ~Server();

  // Binds one address: a host (name, IPv4, IPv6, empty for all) and a port, 0 for any. Empty, or what went wrong.
  // Looking up a name waits: at the start only.
  std::string listen(const std::string& host, std::uint16_t port);
  // At any kind of place. `error` is the errno; 0: it listens.
  struct Fault {
    int error = 0;
    std::string why;
  };
  Fault listen(const Place& place);
  void take(Bound bound);          // accepts once accept() was called
  void leave(const Place& place);  // no more connections from there; those that are there stay
  // Takes a socket that listens already, and is the server's from now on. Empty, or why not.
  std::string adopt(int fd);
  std::vector<std::string> addresses() const;  // "127.0.0.1:9100", with the real port

  void accept();
  // No more connections; idle ones end now, the others after their answer. `ended` is called when none is left.
  void drain(std::function<void()> ended);
  void collectors_may_take(std::chrono::milliseconds time) { limits_.collector_deadline = time; }
  std::size_t connections() const { return roster_.size(); }
  std::size_t streams() const { return streams_; }
  const Traffic& traffic() const { return traffic_; }

 private:
  friend class Session;
  using Time = std::chrono::steady_clock::time_point;
  struct Listener;

  void accept_first(Listener& listener);
  void accept_soon(Listener& listener);
  void accept_from(Listener& listener);
  bool make_room();
  bool find_descriptor();
  void count_timeout(Phase phase);
  void pause(Listener& listener);
  void begin(int socket, const Peer& peer);
  void closed(Session& session);
  void give_memory_back();
  bool take_turn(Session& session);  // false: it is given one later
  void give_turns();
  std::unique_ptr<Session::Work> lend_work();
  void take_back(std::unique_ptr<Session::Work> work);
  void arm();  // somebody begins to wait
  void watch(Time deadline);
  void expire();
  std::string_view date();  // of the Date header, made anew once a second

  boost::asio::io_context& loop_;
  const Context& context_;
  Limits limits_;
  std::vector<Route> routes_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  Trusted trusted_;
  Crowd crowd_;
  Reserve reserve_;
  Poller poller_;
  Traffic traffic_;
  Roster<Session> roster_;
  std::size_t most_ = 0;  // connections, since memory was given back
  bool was_crowd_ = false;
  std::size_t streams_ = 0;
  std::vector<std::unique_ptr<Session::Work>> spare_works_;
  std::deque<std::shared_ptr<Session>> turn_wanted_;  // by those whose handshake is to go on
  int turns_ = 0;                                     // that were given in this turn of the loop
  Out reply_head_;                                    // of the reply that is being sent
  std::vector<iovec> reply_parts_;
  boost::asio::steady_timer timer_;
  Time timer_set_for_ = Time::max();
  std::function<void()> drained_;
  bool accepting_ = false, draining_ = false;
  std::time_t date_of_ = 0;
  char date_[30] = {};
};

}  // namespace vitald::http
