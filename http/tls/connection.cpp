#include "http/tls/connection.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cstring>

namespace vitald::http::tls {
namespace {

using enum Moved::Now;

constexpr std::string_view to_plain_clients =
    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 47\r\n"
    "Connection: close\r\n\r\nthe client sent an HTTP request to an HTTPS port";

class Connection final : public Layer {
 public:
  Connection(std::shared_ptr<const Shared> shared, int socket)
      : shared_(std::move(shared)), ssl_(shared_->ssl), socket_(socket), made_(ssl_.connection_new(shared_->context)) {
    if (!made_) return;
    good_ = ssl_.set_fd(made_, socket) == 1;
    ssl_.set_accept_state(made_);
  }
  ~Connection() override { ssl_.connection_free(made_); }

  Moved shake_hands(Peer& peer) override {
    if (!good_) return {failed};
    ssl_.clear_errors();
    const int result = ssl_.do_handshake(made_);
    if (result != 1) return not_moved(result);
    peer.certified = shared_->verifies && ssl_.peer_certificate(made_) && ssl_.verify_result(made_) == X509_V_OK;
    return {done};
  }

  Moved read(std::span<char> room) override {
    if (!good_) return {failed};
    ssl_.clear_errors();
    std::size_t bytes = 0;
    const int result = ssl_.read(made_, room.data(), room.size(), &bytes);
    return result == 1 ? Moved{done, bytes} : not_moved(result);
  }

  // By whole records, whatever the parts are: small ones would cost a record each.
  Moved write(std::span<const iovec> parts) override {
    if (!good_) return {failed};
    std::size_t written = 0, skip = 0;  // of the first part
    for (;;) {
      const auto record = gather(parts, skip);
      if (record == 0) return {done, written};
      ssl_.clear_errors();
      std::size_t bytes = 0;
      const int result = ssl_.write(made_, shared_->record.data(), record, &bytes);
      if (result != 1) return written != 0 ? Moved{done, written} : not_moved(result);
      written += bytes;
      pass(parts, skip, bytes);
    }
  }

  Moved end() override {
    if (!good_) return {failed};
    ssl_.clear_errors();
    const int result = ssl_.shutdown(made_);
    return result >= 0 ? Moved{done} : not_moved(result);
  }

 private:
  // After a fault of the protocol or of the socket nothing may be asked of the connection.
  Moved not_moved(int result) {
    switch (ssl_.get_error(made_, result)) {
      case SSL_ERROR_WANT_READ: return {wait_to_read};
      case SSL_ERROR_WANT_WRITE: return {wait_to_write};
      case SSL_ERROR_ZERO_RETURN: return {ended};
      default: break;
    }
    good_ = false;
    if (ERR_GET_REASON(ssl_.first_error()) == SSL_R_HTTP_REQUEST) answer_plainly();
    ssl_.clear_errors();
    return {failed};
  }

  // What is left unread would destroy the answer on its way.
  void answer_plainly() const {
    char bytes[4096];
    for (int reads = 0; reads < 16 && ::recv(socket_, bytes, sizeof bytes, MSG_DONTWAIT) > 0;) ++reads;
    ::send(socket_, to_plain_clients.data(), to_plain_clients.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    ::shutdown(socket_, SHUT_WR);
  }

  std::size_t gather(std::span<const iovec> parts, std::size_t skip) const {
    auto& record = shared_->record;
    std::size_t used = 0;
    for (const auto& part : parts) {
      const auto size = std::min(part.iov_len - skip, record.size() - used);
      if (size != 0) std::memcpy(record.data() + used, static_cast<const char*>(part.iov_base) + skip, size);
      used += size;
      skip = 0;
      if (used == record.size()) break;
    }
    return used;
  }

  static void pass(std::span<const iovec>& parts, std::size_t& skip, std::size_t bytes) {
    for (bytes += skip; !parts.empty() && bytes >= parts.front().iov_len; parts = parts.subspan(1))
      bytes -= parts.front().iov_len;
    skip = bytes;
  }

  std::shared_ptr<const Shared> shared_;
  const OpenSsl& ssl_;
  int socket_;
  SSL* made_;
  bool good_ = false;
};

}  // namespace

std::unique_ptr<Layer> make_connection(std::shared_ptr<const Shared> shared, int socket) {
  return std::make_unique<Connection>(std::move(shared), socket);
}

}  // namespace vitald::http::tls
