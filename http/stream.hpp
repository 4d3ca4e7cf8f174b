#pragma once
// The bytes of one connection: a socket that does not block, with or without a layer on it.
#include "http/layer.hpp"

#include <memory>

namespace vitald::http {

class Stream {
 public:
  explicit Stream(int socket) : socket_(socket) {}
  ~Stream() { close(); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  int socket() const { return socket_; }
  void put_on(std::unique_ptr<Layer> layer) { layer_ = std::move(layer); }
  bool layered() const { return layer_ != nullptr; }

  Moved shake_hands(Peer& peer) { return layer_->shake_hands(peer); }
  // What a socket without a layer had when a read did not fill its room was all: until told(), there is nothing to
  // read, and the kernel is not asked.
  Moved read(std::span<char> room);
  void told(bool ending) { drained_ = false, ending_ = ending_ || ending; }  // there may be more; or the end behind it
  Moved write(std::span<const iovec> parts);
  Moved end();  // our side: the client reads the end behind all that was written
  // Reads and forgets what comes, also beneath the layer; done when there was something.
  Moved read_away();
  void keep_little();  // in the kernel, of what the client does not take
  void close();

 private:
  int socket_;
  bool drained_ = false, ending_ = false;
  std::unique_ptr<Layer> layer_;
};

}  // namespace vitald::http
