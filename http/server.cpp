#include "http/server.hpp"

#include "http/session.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <sys/socket.h>

#include <algorithm>
#include <ctime>

namespace vitald::http {

namespace asio = boost::asio;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

Server::Server(asio::io_context& loop, const Context& context, Limits limits)
    : loop_(loop), context_(context), limits_(limits), routes_(routes(context)), timer_(loop) {}
Server::~Server() = default;

std::string Server::listen(const std::string& host, std::uint16_t port) {
  error_code ec;
  if (host.empty()) {  // every address, IPv6 and IPv4 by one socket; where there is no IPv6, IPv4 alone
    const auto why = bind({asio::ip::address_v6::any(), port});
    return why.empty() || !why.ends_with("not supported by protocol") ? why : bind({asio::ip::address_v4::any(), port});
  }
  tcp::resolver resolver(loop_);
  const auto found = resolver.resolve(host, std::to_string(port), tcp::resolver::passive, ec);
  if (ec) return host + ": " + ec.message();
  return bind(found.begin()->endpoint());
}

std::string Server::bind(const tcp::endpoint& endpoint) {
  auto acceptor = std::make_unique<tcp::acceptor>(loop_);
  error_code ec;
  acceptor->open(endpoint.protocol(), ec);
  if (!ec) acceptor->set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec && endpoint.address().is_v6())
    acceptor->set_option(asio::ip::v6_only(!endpoint.address().is_unspecified()), ec);
  if (!ec) acceptor->bind(endpoint, ec);
  if (!ec) acceptor->listen(1024, ec);
  if (ec) return ec.message();
  acceptors_.push_back(std::move(acceptor));
  return {};
}

std::string Server::adopt(int fd) {
  int listens = 0, family = 0;
  socklen_t size = sizeof listens;
  if (::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || !listens) return "it does not listen";
  ::getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &size);
  if (family != AF_INET && family != AF_INET6) return "it is no TCP socket";
  auto acceptor = std::make_unique<tcp::acceptor>(loop_);
  error_code ec;
  acceptor->assign(family == AF_INET ? tcp::v4() : tcp::v6(), fd, ec);
  if (ec) return ec.message();
  acceptors_.push_back(std::move(acceptor));
  return {};
}

std::vector<std::string> Server::addresses() const {
  std::vector<std::string> all;
  for (const auto& acceptor : acceptors_) {
    error_code ec;
    const auto at = acceptor->local_endpoint(ec);
    const auto host = at.address().to_string();
    all.push_back((at.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(at.port()));
  }
  return all;
}

void Server::accept() {
  for (const auto& acceptor : acceptors_)
    asio::co_spawn(loop_, accept_on(*acceptor), [](const std::exception_ptr& bug) {
      if (bug) std::rethrow_exception(bug);
    });
}

asio::awaitable<void> Server::accept_on(tcp::acceptor& acceptor) {
  while (acceptor.is_open()) {
    error_code ec;
    auto socket = co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, ec));
    if (!ec) {
      begin(std::move(socket));
      continue;
    }
    if (draining_) co_return;
    shed_one();  // out of descriptors, most likely; without a pause this would spin
    asio::steady_timer pause(loop_, std::chrono::milliseconds(50));
    co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ec));
  }
}

void Server::begin(tcp::socket socket) {
  if (sessions_.size() >= limits_.connections) shed_one();
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  auto session = sessions_.emplace_back(std::make_shared<Session>(*this, std::move(socket)));
  asio::co_spawn(loop_, session->run(), [this, session](const std::exception_ptr&) { closed(*session); });
}

// Ends the connection whose time would be up first among those that only wait.
void Server::shed_one() {
  Session* oldest = nullptr;
  for (const auto& session : sessions_)
    if (session->idle() && (!oldest || session->deadline() < oldest->deadline())) oldest = session.get();
  if (!oldest && !sessions_.empty()) oldest = sessions_.front().get();
  if (oldest) oldest->close();
}

void Server::closed(Session& session) {
  session.close();
  const auto at = std::ranges::find(sessions_, &session, [](const auto& each) { return each.get(); });
  if (at != sessions_.end()) sessions_.erase(at);
  if (sessions_.empty()) rest();
  if (draining_ && sessions_.empty() && drained_) std::exchange(drained_, nullptr)();
}

void Server::drain(std::function<void()> ended) {
  draining_ = true;
  error_code ignored;
  for (const auto& acceptor : acceptors_) acceptor->close(ignored);
  if (sessions_.empty()) return ended();
  drained_ = std::move(ended);
  for (const auto& session : sessions_)
    if (session->idle()) session->close();
}

// The timer stands at the earliest deadline that was told here; it follows the session that it was set for, so that it
// does not ring for nothing.
void Server::moved(Clock::time_point from, Clock::time_point to) {
  if (to < timer_set_for_)
    watch(to);
  else if (from == timer_set_for_)
    expire();
}

void Server::watch(Clock::time_point deadline) {
  timer_set_for_ = deadline;
  timer_.expires_at(deadline);
  timer_.async_wait([this](error_code ec) {
    if (!ec) expire();
  });
}

// Nobody is here, so nothing is due: idle means no wake-ups.
void Server::rest() {
  timer_set_for_ = Clock::time_point::max();
  timer_.cancel();
}

void Server::expire() {
  timer_set_for_ = Clock::time_point::max();
  const auto now = Clock::now();
  auto next = Clock::time_point::max();
  for (const auto& session : sessions_) {
    if (session->deadline() <= now)
      session->close();
    else
      next = std::min(next, session->deadline());
  }
  if (next != Clock::time_point::max()) watch(next);
}

std::string_view Server::date() {
  const auto now = std::time(nullptr);
  if (now != date_of_) {
    date_of_ = now;
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    std::strftime(date_, sizeof date_, "%a, %d %b %Y %H:%M:%S GMT", &utc);
  }
  return date_;
}

}  // namespace vitald::http
