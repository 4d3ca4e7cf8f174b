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
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

namespace vitald::diff {
namespace {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;
using asio::ip::tcp;
using local = asio::local::stream_protocol;

beast_http::request<beast_http::empty_body> request_for(const Url& url) {
  beast_http::request<beast_http::empty_body> request(beast_http::verb::get, url.target, 11);
  const bool ipv6 = url.host.find(':') != std::string::npos;
  request.set(beast_http::field::host,
              url.socket.empty() ? (ipv6 ? "[" + url.host + "]" : url.host) + ":" + url.port : url.host);
  request.set(beast_http::field::accept, "text/plain;version=0.0.4;q=1,*/*;q=0.1");
  request.set(beast_http::field::connection, "close");
  request.set(beast_http::field::user_agent, "vitald");
  if (!url.credentials.empty())
    request.set(beast_http::field::authorization, "Basic " + encode::base64(url.credentials));
  return request;
}

std::string fault_of(const beast_http::response<beast_http::string_body>& reply) {
  const auto code = reply.result_int();
  if (code == 200) return {};
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

template <class Socket>
asio::awaitable<void> ask(const Url& url, std::size_t most, Fetched& out) {
  Socket socket(co_await asio::this_coro::executor);
  co_await reach(url, socket, out);
  if (!out.fault.empty()) co_return;
  boost::system::error_code ec;
  auto checked = asio::redirect_error(asio::use_awaitable, ec);
  const auto failed = [&](const char* step) {
    if (ec) out.fault = std::string(step) + ": " + ec.message();
    return static_cast<bool>(ec);
  };
  const auto request = request_for(url);
  co_await beast_http::async_write(socket, request, checked);
  if (failed("cannot ask")) co_return;
  boost::beast::flat_buffer buffer;
  beast_http::response_parser<beast_http::string_body> parser;
  parser.body_limit(most);
  co_await beast_http::async_read(socket, buffer, parser, checked);
  if (failed("no whole answer")) co_return;
  out.status = parser.get().result_int();
  out.fault = fault_of(parser.get());
  out.body = std::move(parser.get().body());
}

}  // namespace

Fetched fetch(const Url& url, std::chrono::milliseconds patience, std::size_t most) {
  Fetched out;
  asio::io_context loop(1);
  if (url.socket.empty())
    asio::co_spawn(loop, ask<tcp::socket>(url, most, out), asio::detached);
  else
    asio::co_spawn(loop, ask<local::socket>(url, most, out), asio::detached);
  loop.run_for(patience);
  if (!loop.stopped()) return {{}, "no whole answer within " + std::to_string(patience.count()) + " ms", 0};
  return out;
}

}  // namespace vitald::diff
