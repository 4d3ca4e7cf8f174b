// Whether a request is answered: by its route, the rate, passwords and classes of trust.
#include "http/server.hpp"
#include "http/work.hpp"

namespace vitald::http {
namespace {

Refusal refusal_of(Status status) {
  if (status == Status::unauthorized) return Refusal::unauthorized;
  return status == Status::misdirected ? Refusal::misdirected : Refusal::forbidden;
}

}  // namespace

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

}  // namespace vitald::http
