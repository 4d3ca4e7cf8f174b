#pragma once
// Wakes connections when their sockets can go on: an epoll instance of their own, which the loop sees as one
// descriptor. Asio's would keep some 500 bytes for each connection that ever was open at once; this keeps nothing.
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace vitald::http {

class Session;

// The loop's thread only. Sockets are told of on a change only: who waits has tried before, and found nothing, or has
// got all there was (Stream::read).
class Poller {
 public:
  explicit Poller(boost::asio::io_context& loop);

  void watch(int socket, Session& session);          // for something to read
  void watch_writing(int socket, Session& session);  // for room to write, too, from now on; watched before or not
  void forget(int socket);
  // A session that has ended; those that this turn is about to wake must still be there.
  void bury(std::shared_ptr<Session> session);

 private:
  void wait();
  void wake();

  boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type> epoll_;
  std::vector<std::shared_ptr<Session>> ended_;
  bool waking_ = false;
};

}  // namespace vitald::http
