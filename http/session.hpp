#pragma once
// One connection: reads requests, has them answered, writes the replies.
#include "http/server.hpp"

namespace vitald::http {

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Server& server, boost::asio::ip::tcp::socket socket);
  ~Session();

  boost::asio::awaitable<void> run();
  // From the server: the deadline passed, or the daemon ends.
  void close();
  bool idle() const { return idle_; }
  std::chrono::steady_clock::time_point deadline() const { return deadline_; }

 private:
  struct Input;
  enum class Head : std::uint8_t { taken, gone, refused, has_body };

  boost::asio::awaitable<Head> read_head(Status& refusal);
  boost::asio::awaitable<bool> respond();
  Request request() const;
  boost::asio::awaitable<Reply> answer(Request request);
  Reply refuse_body() const;
  boost::asio::awaitable<bool> send(const Reply& reply, bool with_body, bool keep);
  boost::asio::awaitable<void> linger();
  void allow(std::chrono::milliseconds time);

  Server& server_;
  boost::asio::ip::tcp::socket socket_;
  std::unique_ptr<Input> input_;
  Out head_;
  std::vector<boost::asio::const_buffer> buffers_;
  std::chrono::steady_clock::time_point deadline_, watched_;  // the last one that the server was told of
  std::size_t answered_ = 0;
  bool idle_ = false;  // between two requests
};

}  // namespace vitald::http
