#include "daemon/diff/fetch.hpp"

#include "http/encode/base64.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/none.hpp>

namespace vitald::diff {
namespace {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;
using asio::ip::tcp;
using local = asio::local::stream_protocol;

beast_http::request<beast_http::string_body> request_for(const Url& url, const Question& question) {
  beast_http::request<beast_http::string_body> request;
  request.version(11);
  request.method_string({question.method.data(), question.method.size()});
  request.target(url.target);
  const bool ipv6 = url.host.find(':') != std::string::npos;
  request.set(beast_http::field::host,
              url.socket.empty() ? (ipv6 ? "[" + url.host + "]" : url.host) + ":" + url.port : url.host);
  request.set(beast_http::field::accept, "text/plain;version=0.0.4;q=1,*/*;q=0.1");
  request.set(beast_http::field::connection, "close");
  request.set(beast_http::field::user_agent, "vitald");
  if (!url.credentials.empty())
    request.set(beast_http::field::authorization, "Basic " + encode::base64(url.credentials));
  for (const auto& [name, value] : question.fields) request.set(name, value);
  request.body() = question.body;
  if (!question.body.empty()) request.prepare_payload();
  return request;
}

template <class Body>
std::string fault_of(const beast_http::response<Body>& reply) {
  const auto code = reply.result_int();
  if (code / 100 == 2) return {};
  if (code == 401 || code == 403) return "it asks for a password (http://USER:PASSWORD@HOST…) or refuses this one";
  return "it answers " + std::to_string(code) + " " + std::string(reply.reason());
}

// Says what went wrong in `out`; otherwise the socket is connected.
asio::awaitable<void> reach(const Url& url, tcp::socket& socket, Fetched& out) {
  boost::system::error_code ec;
  auto checked = asio::redirect_error(asio::use_awaitable, ec);
  tcp::resolver resolver(socket.get_executor());
  const auto places = co_await resolver.async_resolve(url.host, url.port, checked);
  if (ec) {
    out.fault = "no such host: " + ec.message();
    co_return;
  }
  co_await asio::async_connect(socket, places, checked);
  if (ec) out.fault = "cannot connect: " + ec.message();
}

asio::awaitable<void> reach(const Url& url, local::socket& socket, Fetched& out) {
  boost::system::error_code ec;
  co_await socket.async_connect(local::endpoint(url.socket), asio::redirect_error(asio::use_awaitable, ec));
  if (ec) out.fault = "cannot connect: " + ec.message();
}

// One exchange over a socket of its own.
template <class Socket>
class Exchange {
 public:
  Exchange(const Url& url, const Question& question, Fetched& out) : url_(url), question_(question), out_(out) {}

  asio::awaitable<void> whole(std::size_t most) {
    Socket socket(co_await asio::this_coro::executor);
    if (!co_await send(socket)) co_return;
    boost::beast::flat_buffer buffer;
    beast_http::response_parser<beast_http::string_body> parser;
    parser.body_limit(most);
    boost::system::error_code ec;
    co_await beast_http::async_read(socket, buffer, parser, asio::redirect_error(asio::use_awaitable, ec));
    if (failed(ec, "no whole answer")) co_return;
    out_.status = parser.get().result_int();
    out_.fault = fault_of(parser.get());
    out_.body = std::move(parser.get().body());
  }

  asio::awaitable<void> bit_by_bit(const std::function<void(std::string_view)>& take) {
    Socket socket(co_await asio::this_coro::executor);
    if (!co_await send(socket)) co_return;
    boost::beast::flat_buffer buffer;
    beast_http::response_parser<beast_http::buffer_body> parser;
    parser.body_limit(boost::none);
    boost::system::error_code ec;
    co_await beast_http::async_read_header(socket, buffer, parser, asio::redirect_error(asio::use_awaitable, ec));
    if (failed(ec, "no answer")) co_return;
    out_.status = parser.get().result_int();
    out_.fault = fault_of(parser.get());
    char piece[16 * 1024];
    while (!ec && !parser.is_done()) {
      parser.get().body().data = piece;
      parser.get().body().size = sizeof piece;
      co_await beast_http::async_read_some(socket, buffer, parser, asio::redirect_error(asio::use_awaitable, ec));
      if (ec == beast_http::error::need_buffer) ec = {};
      const std::string_view bytes(piece, sizeof piece - parser.get().body().size);
      if (out_.fault.empty())
        take(bytes);
      else if (out_.body.size() < most_of_a_problem)
        out_.body += bytes;
    }
  }

 private:
  static constexpr std::size_t most_of_a_problem = 64 * 1024;

  bool failed(const boost::system::error_code& ec, const char* step) {
    if (ec) out_.fault = std::string(step) + ": " + ec.message();
    return static_cast<bool>(ec);
  }
  asio::awaitable<bool> send(Socket& socket) {
    co_await reach(url_, socket, out_);
    if (!out_.fault.empty()) co_return false;
    boost::system::error_code ec;
    const auto request = request_for(url_, question_);
    co_await beast_http::async_write(socket, request, asio::redirect_error(asio::use_awaitable, ec));
    co_return !failed(ec, "cannot ask");
  }

  const Url& url_;
  const Question& question_;
  Fetched& out_;
};

Fetched whole(const Url& url, const Question& question, std::chrono::milliseconds patience, std::size_t most) {
  Fetched out;
  Exchange<tcp::socket> over_tcp(url, question, out);
  Exchange<local::socket> over_unix(url, question, out);
  asio::io_context loop(1);
  asio::co_spawn(loop, url.socket.empty() ? over_tcp.whole(most) : over_unix.whole(most), asio::detached);
  loop.run_for(patience);
  if (!loop.stopped()) return {{}, "no whole answer within " + std::to_string(patience.count()) + " ms", 0};
  return out;
}

}  // namespace

Fetched fetch(const Url& url, std::chrono::milliseconds patience, std::size_t most) {
  return whole(url, {}, patience, most);
}

Fetched ask(const Url& url, const Question& question, std::chrono::milliseconds patience) {
  return whole(url, question, patience, most_of_a_page);
}

Fetched follow(const Url& url, const Question& question, const Following& following,
               std::chrono::milliseconds patience) {
  using Clock = std::chrono::steady_clock;
  constexpr auto now_and_then = std::chrono::milliseconds(250);
  Fetched out;
  auto last = Clock::now();
  const auto take = [&](std::string_view bytes) {
    last = Clock::now();
    following.take(bytes);
  };
  Exchange<tcp::socket> over_tcp(url, question, out);
  Exchange<local::socket> over_unix(url, question, out);
  const std::function<void(std::string_view)> taken = take;
  asio::io_context loop(1);
  asio::co_spawn(loop, url.socket.empty() ? over_tcp.bit_by_bit(taken) : over_unix.bit_by_bit(taken), asio::detached);
  while (!loop.stopped() && following.goes_on() && Clock::now() - last < patience) loop.run_for(now_and_then);
  if (!loop.stopped() && out.fault.empty() && following.goes_on())
    out.fault = "nothing within " + std::to_string(patience.count()) + " ms";
  return out;
}

}  // namespace vitald::diff
