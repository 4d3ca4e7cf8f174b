#pragma once
// The bytes of one connection: a socket that never blocks, with or without a layer on it.
#include "http/layer.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <memory>

namespace vitald::http {

class Stream {
 public:
  using Socket = boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>;

  Stream(boost::asio::io_context& loop, int socket) : socket_(loop, socket) {}

  void put_on(std::unique_ptr<Layer> layer) { layer_ = std::move(layer); }
  bool layered() const { return layer_ != nullptr; }
  bool holds_input() const { return layer_ && layer_->holds_input(); }

  Moved shake_hands(Peer& peer) { return layer_->shake_hands(peer); }
  Moved read(std::span<char> room);
  Moved write(std::span<const iovec> parts);
  Moved end();  // our side: the client reads the end behind all that was written
  // Reads and forgets what comes, also beneath the layer; done when there was something.
  Moved read_away();

  template <class Handler>
  void wait(Moved::Now what, Handler handler) {
    socket_.async_wait(what == Moved::Now::wait_to_write ? Socket::wait_write : Socket::wait_read, std::move(handler));
  }
  void close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }

 private:
  Socket socket_;
  std::unique_ptr<Layer> layer_;
};

}  // namespace vitald::http
