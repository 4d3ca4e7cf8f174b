#include "http/session.hpp"

#include "collectors/base/scan.hpp"
#include "http/server.hpp"
#include "http/work.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace vitald::http {
namespace {

constexpr int steps_a_turn = 128;  // then others have theirs: of requests that came at once, some thirty

// How long the collectors may take: our own limit, or what the scraper allows, less what sending needs.
std::chrono::milliseconds patience(std::string_view scrape_timeout, std::chrono::milliseconds limit) {
  double seconds = 0;
  if (!scan::number(scrape_timeout, seconds) || seconds <= 0 || seconds > 1e6) return limit;
  const double usable = seconds > 1 ? seconds - 0.5 : seconds / 2;
  return std::min(limit, std::chrono::milliseconds(static_cast<std::int64_t>(usable * 1000)));
}

// A handler that throws is a bug, and costs one reply; what it is stays inside.
Reply made(const Route& route, const Request& request, const Context& context, const View* view) {
  try {
    return route.reply(request, context, view ? *view : View{});
  } catch (const std::exception&) {
    return error(request.path, Status::internal_error, "internal error");
  }
}

Request request_of(const Head& head, const Peer& peer) {
  Request made;
  made.method = head.method;
  made.path = head.path;
  made.query = head.query;
  made.accept = head.accept;
  made.accept_encoding = head.accept_encoding;
  made.scrape_timeout = head.scrape_timeout;
  made.uid = peer.uid;
  return made;
}

Refusal refusal_of(Status status) {
  if (status == Status::unauthorized) return Refusal::unauthorized;
  return status == Status::misdirected ? Refusal::misdirected : Refusal::forbidden;
}

}  // namespace

// ---- the machine

Session::Session(Server& server, int socket, const Peer& peer)
    : server_(server), stream_(socket), peer_(peer), step_(&Session::read) {
  if (peer.kind != Peer::Kind::unix_socket && server.context_.gate)
    if (auto layer = server.context_.gate->layer_for(socket)) {
      stream_.put_on(std::move(layer));
      step_ = &Session::shake_hands;
    }
}
Session::~Session() = default;

void Session::go_on() {
  try {
    for (int steps = 0; open_ && (this->*step_)();) {
      if (++steps < steps_a_turn) continue;
      boost::asio::post(server_.loop_, [self = shared_from_this()] { self->go_on(); });
      return;
    }
  } catch (const std::exception&) {  // no memory, most likely: it costs this connection
    close();
  }
}

bool Session::wait(Moved::Now what) {
  if (what == Moved::Now::ended || what == Moved::Now::failed) return gone();
  const bool writes = what == Moved::Now::wait_to_write;
  if (writes && !write_watched_) server_.poller_.watch_writing(stream_.socket(), *this);
  if (!writes && !watched_) server_.poller_.watch(stream_.socket(), *this);
  watched_ = true;
  write_watched_ = write_watched_ || writes;
  waits_for_ = what;
  server_.arm();
  return false;
}

// Who waits for nothing will look by itself before it waits.
void Session::ready(bool to_read, bool to_write) {
  const bool good = waits_for_ == Moved::Now::wait_to_read ? to_read : to_write;
  if (!open_ || waits_for_ == Moved::Now::done || !good) return;
  waits_for_ = Moved::Now::done;
  const auto self = shared_from_this();
  go_on();
}

bool Session::enter(Phase phase) {
  server_.roster_.move(*this, phase, std::chrono::steady_clock::now());
  return true;
}

bool Session::gone() {
  close();
  return false;
}

void Session::close() {
  if (!std::exchange(open_, false)) return;
  if (watched_) server_.poller_.forget(stream_.socket());
  stream_.close();
  if (work_) server_.take_back(std::move(work_));
  pending_.reset();
  server_.closed(*this);
}

bool Session::shake_hands() {
  if (!server_.take_turn(*this)) return false;
  const auto moved = stream_.shake_hands(peer_);
  if (moved.now != Moved::Now::done) return wait(moved.now);
  step_ = &Session::read;
  return enter(Phase::first_head);
}

// ---- a request comes

bool Session::read() {
  if (!work_) work_ = server_.lend_work();
  auto& input = work_->input;
  for (;;) {
    if (!input.unread().empty()) {
      const auto end = find_head_end(input.unread(), work_->seen, server_.limits_.text);
      if (end.refusal != Status::ok) return refuse_malformed(end.refusal);
      if (end.size != 0) return take_head(end.size);
    }
    const auto moved = stream_.read(input.room());
    if (moved.now != Moved::Now::done) return wait_for_head(moved.now);
    input.came(moved.bytes);
  }
}

// Who waits with nothing said keeps nothing.
bool Session::wait_for_head(Moved::Now what) {
  if (work_->input.unread().empty()) {
    server_.take_back(std::move(work_));
  } else if (standing.phase == Phase::idle) {
    enter(Phase::head);
  }
  return wait(what);
}

bool Session::take_head(std::size_t size) {
  auto& work = *work_;
  const auto text = work.input.unread().substr(0, size);
  if (const auto status = read_head(text, work.head); status != Status::ok) return refuse_malformed(status);
  work.began = std::chrono::steady_clock::now();
  work.seen = 0;
  work.input.used(size);  // the text stays where it is until more is read
  work.request = request_of(work.head, peer_);
  keep_ = !work.head.close && !work.head.http_1_0 && !work.head.has_body();
  if (work.head.path.find('%') != work.head.path.npos) {
    auto path = decoded(work.head.path, false);
    if (!path) return send(error(work.head.path, Status::bad_request, "the path holds a broken percent escape"));
    work.path = std::move(*path);
    work.request.path = work.path;
  }
  return admit();
}

bool Session::refuse_malformed(Status status) {
  const bool long_one = status == Status::uri_too_long || status == Status::header_fields_too_large;
  server_.traffic_.refused(long_one ? Refusal::too_large : Refusal::malformed);
  keep_ = false;
  work_->began = std::chrono::steady_clock::now();
  work_->request = {};
  server_.context_.own->answered("other", status);
  return send(error(guessed_path(work_->input.unread()), status, reason_of(status)));
}

// ---- whether it is answered

bool Session::admit() {
  auto& work = *work_;
  work.route = find(server_.routes_, work.request, work.refusal);
  auto* const gate = server_.context_.gate;
  const bool health = work.route && work.route->access == Class::health;
  if (gate && !health && !gate->admits()) {
    server_.traffic_.refused(Refusal::rate);
    work.route = nullptr;
    work.refusal = error(work.request.path, Status::too_many_requests, "more requests than rate_limit allows");
    work.refusal.fields = "Retry-After: 1\r\n";
    return answer();
  }
  const bool asks_gate = gate && gate->authenticates() && peer_.kind != Peer::Kind::unix_socket &&
                         !work.head.authorization.empty() && !health;
  work.authenticated = work.busy = false;
  if (!asks_gate) return judge_access();
  const auto told = gate->check(work.head.authorization, peer_, [self = shared_from_this()](Gate::Answer answer) {
    if (!self->open_) return;
    self->hear(answer);
    self->go_on();
  });
  if (told == Gate::Answer::later) return pause_for(&Session::judge_access);
  hear(told);
  return judge_access();
}

void Session::hear(Gate::Answer answer) {
  work_->authenticated = answer == Gate::Answer::yes;
  work_->busy = answer == Gate::Answer::busy;
  if (answer == Gate::Answer::no) ++peer_.wrong_passwords;
}

bool Session::judge_access() {
  auto& work = *work_;
  if (work.busy) {
    work.route = nullptr;
    work.refusal = error(work.request.path, Status::unavailable, "too many passwords are being tried; try again");
    work.refusal.fields = "Retry-After: 1\r\n";
    return answer();
  }
  const auto* const policy = &server_.context_.policy;
  const auto* const gate = server_.context_.gate;
  const bool passwords = gate && gate->authenticates();
  work.request.granted = http::granted(peer_, work.head, work.authenticated, passwords, *policy);
  const auto needed = work.route ? work.route->access : Class::open;
  const auto verdict = http::judge(needed, work.request.granted, peer_, work.head, *policy);
  if (verdict.code != Status::ok) {
    server_.traffic_.refused(refusal_of(verdict.code));
    work.refusal = error(work.request.path, verdict.code, verdict.why);
    if (verdict.code == Status::unauthorized)
      work.refusal.fields = "WWW-Authenticate: Basic realm=\"vitald\", charset=\"UTF-8\"\r\n";
    server_.context_.own->answered(work.route ? work.route->pattern : "other", verdict.code);
    return send(work.refusal);
  }
  return answer();
}

// ---- the answer

bool Session::answer() {
  auto& work = *work_;
  const auto& context = server_.context_;
  if (!work.route) {
    context.own->answered("other", work.refusal.code);
    return send(work.refusal);
  }
  if (work.head.has_body()) {  // no resource takes one: refused before it comes
    server_.traffic_.refused(Refusal::too_large);
    context.own->answered(work.route->pattern, Status::content_too_large);
    return send(error(work.request.path, Status::content_too_large, "this resource takes no body"));
  }
  const auto plan = work.route->plan ? work.route->plan(work.request, context) : Plan{};
  if (plan.refusal) {
    context.own->answered(work.route->pattern, plan.refusal->code);
    return send(*plan.refusal);
  }
  if (plan.later) return answer_later(plan);
  if (plan.needs.none()) return answer_from_view();
  const auto time = patience(work.request.scrape_timeout, server_.limits_.collector_deadline);
  context.readings->ask(plan.needs, time, [self = shared_from_this()](std::shared_ptr<const View> view) {
    if (!self->open_) return;
    self->work_->view = std::move(view);
    self->go_on();
  });
  return pause_for(&Session::answer_from_view);
}

bool Session::answer_later(const Plan& plan) {
  plan.later([self = shared_from_this()](Reply reply) {
    if (!self->open_) return;
    self->server_.context_.own->answered(self->work_->route->pattern, reply.code);
    self->work_->refusal = std::move(reply);
    self->go_on();
  });
  return pause_for(&Session::answer_with_refusal);
}

bool Session::answer_with_refusal() { return send(work_->refusal); }

// Somebody will call go_on().
bool Session::pause_for(Step next) {
  step_ = next;
  enter(Phase::work);
  return false;
}

bool Session::answer_from_view() {
  const auto view = std::exchange(work_->view, nullptr);
  const auto reply = made(*work_->route, work_->request, server_.context_, view.get());
  server_.context_.own->answered(work_->route->pattern, reply.code);
  return send(reply);
}

}  // namespace vitald::http
