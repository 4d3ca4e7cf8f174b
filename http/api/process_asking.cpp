#include "http/api/process_asking.hpp"

namespace vitald::http {

Reply cannot_read(const Fault& fault) {
  if (state_of(fault) == State::permission)
    return problem(Status::forbidden, "the kernel does not let the daemon read this");
  return problem(Status::unavailable, "the processes cannot be read: " + to_string(fault));
}

Plan asking(const Context& context, const std::shared_ptr<const ProcessQuery>& query, ProcessWork work,
            Processes::Desk desk) {
  auto* const processes = context.processes;
  if (!processes) return refuse(problem(Status::unavailable, "processes are not told of here"));
  SampleWish wish;
  wish.wants = query->wants();
  wish.freshness = processes->freshness();
  Plan plan;
  if (query->over.count() == 0) {
    plan.later = [=, work = std::move(work)](Answer answer) {
      processes->read(
          desk, [=](ProcessSource& source) { return work(source, wish); }, std::move(answer));
    };
    return plan;
  }
  // The first reading, a rest, the second; each may be answered with why not.
  plan.later = [=, work = std::move(work)](const Answer& answer) {
    const auto since = std::make_shared<std::shared_ptr<const ProcessCounts>>();
    const auto first = [=](ProcessSource& source) {
      const auto counts = source.counts(wish);
      if (!counts) return cannot_read(counts.error());
      *since = *counts;
      return Reply{};
    };
    const auto second = [=](ProcessSource& source) {
      auto later = wish;
      later.since = *since;
      return work(source, later);
    };
    processes->read(desk, first, [=](Reply failed) {
      if (!*since) return answer(std::move(failed));
      processes->after(query->over, [=] { processes->read(desk, second, answer); });
    });
  };
  return plan;
}

}  // namespace vitald::http
