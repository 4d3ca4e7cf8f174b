#pragma once
// One connection: reads requests, has them answered, writes the replies. It is a machine of few steps rather than a
// coroutine, so that a connection that only stays open costs little more than its socket.
#include "http/events/events.hpp"
#include "http/gate.hpp"
#include "http/reply.hpp"
#include "http/roster.hpp"
#include "http/stream.hpp"

namespace vitald::http {

class Server;
struct View;
struct Plan;

class Session : public std::enable_shared_from_this<Session> {
 public:
  struct Work;     // what is needed while a request is at hand
  struct Pending;  // what the client has not taken yet of a reply
  struct Feed;     // where it listens to a stream

  Session(Server& server, int socket, const Peer& peer);
  ~Session();

  Phase first_phase() const { return stream_.layered() ? Phase::handshake : Phase::first_head; }
  void begin() { go_on(); }
  void heartbeat();              // of one that listens
  void take_turn() { go_on(); }  // that was waited for
  void time_is_over();           // to the client it is an end, not a cut
  void close();
  const Peer& peer() const { return peer_; }
  struct Change {
    bool to_read, to_write;
    bool ending;  // the client writes no more: behind what is there comes the end
  };
  void ready(Change change);                            // says the poller
  bool resting() const { return !work_ && !pending_; }  // has nothing of a request, and no reply

  Standing<Session> standing;

 private:
  using Step = bool (Session::*)();  // true: the next step can be taken; false: something is waited for

  void go_on();
  bool wait(Moved::Now what);
  bool enter(Phase phase);
  bool gone();

  bool shake_hands();
  bool read();
  bool wait_for_head(Moved::Now what);
  bool take_head(std::size_t size);
  void keep_head(std::string_view text);
  bool refuse_malformed(Status status);
  bool admit();
  void hear(Gate::Answer answer);
  bool judge_access();
  bool answer();
  bool begin_body();
  bool invite();
  bool read_body();
  bool refuse_body(Status status, std::string_view why);
  bool carry_out();
  bool answer_from_view();
  bool answer_later(const Plan& plan);
  bool answer_with_refusal();
  bool pause_for(Step next);
  bool listen(const Listen& to);
  bool tell();
  bool end_of_stream();
  bool rest();
  bool send(const Reply& reply);
  void keep_rest(const Reply& reply, std::span<const iovec> left);
  bool write();
  bool sent();
  bool end();
  bool linger();

  Server& server_;
  Stream stream_;
  Peer peer_;
  Step step_;
  std::unique_ptr<Work> work_;
  std::unique_ptr<Pending> pending_;
  bool open_ = true, keep_ = false;
  bool watched_ = false, write_watched_ = false;  // by the poller
  Moved::Now waits_for_ = Moved::Now::done;       // done: for nothing
  static constexpr std::uint8_t most_lingering = 64;
  std::uint8_t lingered_ = 0;
};

}  // namespace vitald::http
