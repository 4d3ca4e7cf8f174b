#pragma once
// Listens, accepts, keeps connections within their limits and times, and ends them.
#include "http/api.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <list>
#include <memory>
#include <string>

namespace vitald::http {

// Of each connection, in bytes and in time. Who exceeds a time is closed without a reply.
struct Limits {
  std::size_t connections = 512;                  // one more sheds the one that has been idle longest
  std::size_t line = 8 * 1024, head = 32 * 1024;  // of the request; then 414, 431
  // From the connection to the first whole head; from a later head's first byte to its last; between two requests; for
  // a reply to be taken; for the client's end after a reply that ends the connection.
  std::chrono::milliseconds first_head{10'000}, head_rest{10'000}, idle{300'000}, write{30'000}, linger{2'000};
  std::chrono::milliseconds collector_deadline{5'000};  // how long collectors are waited for; a scraper may say less
};

class Session;

// The loop's thread only.
class Server {
 public:
  Server(boost::asio::io_context& loop, const Context& context, Limits limits);
  ~Server();

  // Binds one address: a host (name, IPv4, IPv6, empty for all) and a port, 0 for any. Empty, or what went wrong.
  // Looking up a name waits: at the start only.
  std::string listen(const std::string& host, std::uint16_t port);
  // Takes a socket that listens already, and is the server's from now on. Empty, or why not.
  std::string adopt(int fd);
  std::vector<std::string> addresses() const;  // "127.0.0.1:9100", with the real port

  void accept();
  // No more connections; idle ones end now, the others after their answer. `ended` is called when none is left.
  void drain(std::function<void()> ended);
  std::size_t connections() const { return sessions_.size(); }

 private:
  friend class Session;
  using tcp = boost::asio::ip::tcp;

  boost::asio::awaitable<void> accept_on(tcp::acceptor& acceptor);
  std::string bind(const tcp::endpoint& endpoint);
  void begin(tcp::socket socket);
  void shed_one();
  void closed(Session& session);
  void moved(std::chrono::steady_clock::time_point from, std::chrono::steady_clock::time_point to);  // a deadline
  void watch(std::chrono::steady_clock::time_point deadline);
  void rest();
  void expire();
  std::string_view date();  // of the Date header, made anew once a second

  boost::asio::io_context& loop_;
  const Context& context_;
  Limits limits_;
  std::vector<Route> routes_;
  std::vector<std::unique_ptr<tcp::acceptor>> acceptors_;
  std::list<std::shared_ptr<Session>> sessions_;
  boost::asio::steady_timer timer_;
  std::chrono::steady_clock::time_point timer_set_for_ = std::chrono::steady_clock::time_point::max();
  std::function<void()> drained_;
  bool draining_ = false;
  std::time_t date_of_ = 0;
  char date_[30] = {};
};

}  // namespace vitald::http
