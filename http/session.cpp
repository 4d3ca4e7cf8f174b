#include "http/session.hpp"

#include "collectors/base/scan.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>

#include <algorithm>
#include <optional>

namespace vitald::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;

auto quietly(error_code& ec) { return asio::redirect_error(asio::use_awaitable, ec); }

std::string_view std_view(beast::string_view text) { return {text.data(), text.size()}; }

Method method_of(beast::http::verb verb) {
  switch (verb) {
    case beast::http::verb::get: return Method::get;
    case beast::http::verb::head: return Method::head;
    case beast::http::verb::options: return Method::options;
    case beast::http::verb::post: return Method::post;
    case beast::http::verb::put: return Method::put;
    case beast::http::verb::patch: return Method::patch;
    case beast::http::verb::delete_: return Method::remove;
    default: return Method::other;
  }
}

Status status_of(const error_code& parsing) {
  if (parsing == beast::http::error::header_limit) return Status::header_fields_too_large;
  if (parsing == beast::http::error::bad_version) return Status::version_not_supported;
  return Status::bad_request;
}

// How long the collectors may take: our own limit, or what the scraper allows, less what sending needs.
std::chrono::milliseconds patience(std::string_view scrape_timeout, std::chrono::milliseconds limit) {
  double seconds = 0;
  if (!scan::number(scrape_timeout, seconds) || seconds <= 0 || seconds > 1e6) return limit;
  const double usable = seconds > 1 ? seconds - 0.5 : seconds / 2;
  return std::min(limit, std::chrono::milliseconds(static_cast<std::int64_t>(usable * 1000)));
}

// Takes the bytes that are sent already off the front; whether any are left.
bool drop(std::vector<asio::const_buffer>& buffers, std::size_t sent) {
  auto first = buffers.begin();
  for (; first != buffers.end() && sent >= first->size(); ++first) sent -= first->size();
  buffers.erase(buffers.begin(), first);
  if (!buffers.empty()) buffers.front() += sent;
  return !buffers.empty();
}

// A handler that throws is a bug, and costs one reply; what it is stays inside.
Reply made(const Route& route, const Request& request, const Context& context, const View* view) {
  try {
    return route.reply(request, context, view ? *view : View{});
  } catch (const std::exception&) {
    return error(request.path, Status::internal_error, "internal error");
  }
}

auto readings_for(Readings& readings, const Selection& needs, std::chrono::milliseconds time) {
  const auto begin = [&readings, needs, time](auto handler) {
    auto kept = std::make_shared<decltype(handler)>(std::move(handler));
    readings.ask(needs, time, [kept](std::shared_ptr<const View> view) { std::move (*kept)(std::move(view)); });
  };
  return asio::async_initiate<const asio::use_awaitable_t<>, void(std::shared_ptr<const View>)>(begin,
                                                                                                asio::use_awaitable);
}

}  // namespace

struct Session::Input {
  using Parser = beast::http::request_parser<beast::http::empty_body>;
  beast::flat_buffer buffer;
  std::optional<Parser> parser;
};

Session::Session(Server& server, asio::ip::tcp::socket socket)
    : server_(server), socket_(std::move(socket)), input_(std::make_unique<Input>()) {
  error_code ignored;
  socket_.non_blocking(true, ignored);
}
Session::~Session() = default;

void Session::close() {
  error_code ignored;
  socket_.close(ignored);
}

void Session::allow(std::chrono::milliseconds time) {
  deadline_ = std::chrono::steady_clock::now() + time;
  server_.moved(std::exchange(watched_, deadline_), deadline_);
}

asio::awaitable<void> Session::run() {
  allow(server_.limits_.first_head);
  for (bool more = true; more;) more = co_await respond();
  close();
}

// One request and its reply; false when the connection is to end.
asio::awaitable<bool> Session::respond() {
  Status refusal = Status::bad_request;
  const auto head = co_await read_head(refusal);
  if (head == Head::gone) co_return false;
  if (head == Head::refused) {
    server_.context_.own->answered("other", refusal);
    const auto reply = plain(refusal, reason_of(refusal));
    const bool sent = co_await send(reply, true, false);
    if (sent) co_await linger();
    co_return false;
  }
  const auto asked = request();
  const auto& message = input_->parser->get();  // HTTP/1.0 would have to be told that the connection lasts: it ends
  const bool keep = head == Head::taken && message.version() >= 11 && message.keep_alive() && !server_.draining_;
  Reply reply;
  if (head == Head::has_body)
    reply = refuse_body();
  else
    reply = co_await answer(asked);
  ++answered_;
  const bool sent = co_await send(reply, asked.method != Method::head, keep && !server_.draining_);
  if (sent && !keep) co_await linger();
  co_return sent&& keep && !server_.draining_;
}

Request Session::request() const {
  const auto& message = input_->parser->get();
  const auto field = [&](beast::string_view name) { return std_view(message[name]); };
  const auto target = std_view(message.target());
  Request made;
  made.method = method_of(message.method());
  made.path = target.substr(0, target.find('?'));
  made.query = target.substr(std::min(made.path.size() + 1, target.size()));
  made.accept_encoding = field("Accept-Encoding");
  made.scrape_timeout = field("X-Prometheus-Scrape-Timeout-Seconds");
  return made;
}

// No resource takes a body: refused before it comes.
Reply Session::refuse_body() const {
  auto asked = request();
  Reply reply;
  const auto* route = find(server_.routes_, asked, reply);
  if (route) reply = error(asked.path, Status::content_too_large, "this resource takes no body");
  server_.context_.own->answered(route ? route->pattern : "other", reply.code);
  return reply;
}

asio::awaitable<Session::Head> Session::read_head(Status& refusal) {
  auto& parser = input_->parser.emplace();
  auto& buffer = input_->buffer;
  parser.header_limit(static_cast<std::uint32_t>(server_.limits_.head));
  parser.body_limit(boost::none);
  error_code ec;
  idle_ = answered_ != 0 && buffer.size() == 0;
  bool began = false;  // the head, on a connection that was idle; mostly it is whole then, and needs no deadline
  for (;;) {
    if (buffer.size() != 0) {
      buffer.consume(parser.put(buffer.data(), ec));
      if (parser.is_header_done()) break;
      if (ec && ec != beast::http::error::need_more) {
        refusal = status_of(ec);
        co_return Head::refused;
      }
      if (parser.get().target().empty() && buffer.size() > server_.limits_.line) {  // still in the request line
        refusal = Status::uri_too_long;
        co_return Head::refused;
      }
    }
    if (std::exchange(began, false)) allow(server_.limits_.head_rest);
    const auto bytes = co_await socket_.async_read_some(buffer.prepare(4096), quietly(ec));
    if (ec || bytes == 0) co_return Head::gone;
    buffer.commit(bytes);
    began = std::exchange(idle_, false);
  }
  const auto length = parser.content_length();
  if (parser.chunked() || (length && *length > 0)) co_return Head::has_body;
  if (parser.get().version() >= 11 && parser.get().count(beast::http::field::host) != 1) {
    refusal = Status::bad_request;
    co_return Head::refused;
  }
  co_return Head::taken;
}

asio::awaitable<Reply> Session::answer(Request request) {
  const auto& context = server_.context_;
  Reply reply;
  const auto* route = find(server_.routes_, request, reply);
  if (route) {
    const auto plan = route->plan ? route->plan(request, context) : Plan{};
    std::shared_ptr<const View> view;
    if (!plan.refusal && plan.needs.any()) {
      const auto time = patience(request.scrape_timeout, server_.limits_.collector_deadline);
      deadline_ = std::chrono::steady_clock::now() + time + server_.limits_.write;  // it ends without our watching
      view = co_await readings_for(*context.readings, plan.needs, time);
    }
    reply = plan.refusal ? *plan.refusal : made(*route, request, context, view.get());
  }
  context.own->answered(route ? route->pattern : "other", reply.code);
  co_return reply;
}

asio::awaitable<bool> Session::send(const Reply& reply, bool with_body, bool keep) {
  head_.clear();
  head_ << "HTTP/1.1 ";
  head_.number(static_cast<unsigned>(reply.code));
  head_ << ' ' << reason_of(reply.code) << "\r\nDate: " << server_.date() << "\r\nContent-Type: " << reply.type
        << "\r\nX-Content-Type-Options: nosniff\r\nContent-Length: ";
  head_.number(reply.body->size);
  if (!reply.encoding.empty()) head_ << "\r\nContent-Encoding: " << reply.encoding;
  if (reply.negotiated) head_ << "\r\nVary: Accept-Encoding";
  if (!reply.allow.empty()) head_ << "\r\nAllow: " << reply.allow;
  head_ << (keep ? "\r\n\r\n" : "\r\nConnection: close\r\n\r\n");
  buffers_.clear();
  buffers_.emplace_back(head_.view().data(), head_.view().size());
  if (with_body)
    for (const auto& part : reply.body->parts) buffers_.emplace_back(part.bytes.data(), part.bytes.size());
  error_code ec;
  const auto at_once = socket_.write_some(buffers_, ec);  // Asio's own way takes 16 parts at a time, with a turn each
  if (ec == asio::error::would_block) ec = {};
  if (!ec && drop(buffers_, at_once)) {
    allow(server_.limits_.write);
    co_await asio::async_write(socket_, buffers_, quietly(ec));
  }
  if (!ec) allow(server_.limits_.idle);
  co_return !ec;
}

// Ends our side and waits a little for the client's: closing over unread bytes would destroy the reply on its way.
asio::awaitable<void> Session::linger() {
  error_code ec;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ec);
  allow(server_.limits_.linger);
  char thrown_away[4096];
  for (int reads = 0; !ec && reads < 64; ++reads) {
    const auto bytes = co_await socket_.async_read_some(asio::buffer(thrown_away), quietly(ec));
    if (bytes == 0) break;
  }
}

}  // namespace vitald::http
