#pragma once
// What a connection has while a request is at hand. A few of these serve all connections.
#include "http/body.hpp"
#include "http/outgoing.hpp"
#include "http/router.hpp"
#include "http/session.hpp"

namespace vitald::http {

// The bytes that have come and were not used yet.
class Input {
 public:
  std::string_view unread() const { return std::string_view(bytes_).substr(from_, to_ - from_); }
  // Room for more, behind what has come. Views into it are good until the next call.
  std::span<char> room() {
    if (from_ == to_) from_ = to_ = 0;
    if (bytes_.size() - to_ < least_room) make_room();
    return {bytes_.data() + to_, bytes_.size() - to_};
  }
  void came(std::size_t bytes) { to_ += bytes; }
  void used(std::size_t bytes) { from_ += bytes; }
  void clear() { from_ = to_ = 0; }
  std::size_t capacity() const { return bytes_.size(); }

 private:
  static constexpr std::size_t least_room = 512, usual_size = 2048;
  void make_room() {
    bytes_.erase(0, from_);
    to_ -= from_;
    from_ = 0;
    bytes_.resize(std::max(usual_size, 2 * to_));
  }
  std::string bytes_;
  std::size_t from_ = 0, to_ = 0;
};

struct Session::Work {
  Input input;
  std::size_t seen = 0;  // of the input, by find_head_end
  Head head;
  std::string head_text;  // of a request with a body
  BodyParser body;
  std::string path;  // decoded, where it was not plain
  Request request;
  const Route* route = nullptr;
  Reply refusal;                                // when there is no route
  bool authenticated = false, busy = false;     // what the gate said
  std::chrono::steady_clock::time_point began;  // the head was there
  std::shared_ptr<const View> view;
};

struct Session::Feed final : Listener {
  Feed(Server& its_server, Session& its_session);
  ~Feed();
  void news() override;
  void put(std::span<iovec>& left, Message next);

  Server& server;
  Session& session;
  std::unique_ptr<Subscription> source;
  Message message;         // that is being sent
  std::string chunk_head;  // before it
  std::vector<iovec> parts;
  std::size_t unwanted = 0;  // bytes that the listener has said
  bool chunked = false, waits = false, ended = false;
};

// What the client has not taken yet of a reply.
struct Session::Pending {
  std::unique_ptr<Feed> feed;  // of a stream, also while nothing is left
  std::string head;
  std::shared_ptr<const Body> body;
  std::vector<iovec> all;
  std::span<iovec> left;
};

}  // namespace vitald::http
