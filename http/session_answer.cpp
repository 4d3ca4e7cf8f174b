// What a request is answered with.
#include "collectors/base/scan.hpp"
#include "http/server.hpp"
#include "http/work.hpp"

#include <algorithm>

namespace vitald::http {
namespace {

// How long the collectors may take: our own limit, or what the scraper allows, less what sending needs.
std::chrono::milliseconds patience(std::string_view scrape_timeout, std::chrono::milliseconds limit) {
  double seconds = 0;
  if (!scan::number(scrape_timeout, seconds) || seconds <= 0 || seconds > 1e6) return limit;
  const double usable = seconds > 1 ? seconds - 0.5 : seconds / 2;
  return std::min(limit, std::chrono::milliseconds(static_cast<std::int64_t>(usable * 1000)));
}

// A handler that throws is a bug, and costs one reply; what it is stays inside.
Reply made(const Route& route, const Request& request, const Context& context, const View* view) {
  const View nothing;
  try {
    return route.reply(request, context, view ? *view : nothing);  // not a copy: what is made of it is kept in it
  } catch (const std::exception&) {
    return error(request.path, Status::internal_error, "internal error");
  }
}

}  // namespace

bool Session::answer() {
  auto& work = *work_;
  const auto& context = server_.context_;
  if (!work.route) {
    context.own->answered("other", work.refusal.code);
    return send(work.refusal);
  }
  return work.head.has_body() ? begin_body() : carry_out();
}

bool Session::carry_out() {
  auto& work = *work_;
  const auto& context = server_.context_;
  const auto plan = work.route->plan ? work.route->plan(work.request, context) : Plan{};
  if (plan.refusal) {
    context.own->answered(work.route->pattern, plan.refusal->code);
    return send(*plan.refusal);
  }
  if (plan.listen) return listen(plan.listen);
  if (plan.later) return answer_later(plan);
  if (plan.needs.any()) work.view = context.readings->fresh(plan.needs);
  if (plan.needs.none() || work.view) return answer_from_view();
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
