// /api/v1/stream: collectors' rows on a beat, as server-sent events.
#include "collectors/base/duration.hpp"
#include "collectors/base/scan.hpp"
#include "http/api/handlers.hpp"
#include "http/events/samples.hpp"

#include <algorithm>

namespace vitald::http {
namespace {

using namespace std::chrono_literals;
using ms = Samples::ms;

constexpr ms usual_interval = 1s, shortest = 1s, longest = 1min;
constexpr std::string_view parameter_names[] = {"topics", "interval"};

std::vector<std::string_view> topics(const Context& context) {
  std::vector<std::string_view> names;
  for (const auto& known : context.readings->known())
    if (known.on) names.push_back(known.entry->name);
  return names;
}

// "cpu,meminfo"; false when one is none.
bool choose(std::string_view list, const Context& context, Selection& chosen) {
  const auto known = context.readings->known();
  while (!list.empty()) {
    const auto name = scan::take_until(list, ',');
    const auto at = std::ranges::find(known, name, [](const auto& each) { return each.entry->name; });
    if (at == known.end() || !at->on) return false;
    chosen.set(static_cast<std::size_t>(at - known.begin()));
  }
  return true;
}

// "2s", "1500ms", "2": the last in seconds.
bool read_interval(const std::string& text, ms& interval) {
  auto time = parse_duration(text);
  if (!time) time = parse_duration(text + "s");
  if (!time || *time < shortest || *time > longest) return false;
  interval = std::chrono::duration_cast<ms>(*time);
  return true;
}

}  // namespace

Plan plan_stream(const Request& request, const Context& context) {
  const auto given = parameters(request.query);
  if (!given) return refuse(problem(Status::bad_request, "the query holds a broken percent escape"));
  Selection chosen;
  auto interval = usual_interval;
  const auto wrong_topics = [&] {
    return refuse(problem(Status::bad_request, "topics are collectors that are on, with commas between them", "topics",
                          topics(context)));
  };
  for (const auto& [name, value] : *given) {
    if (std::ranges::find(parameter_names, name) == std::end(parameter_names))
      return refuse(problem(Status::bad_request, "there is no such parameter", {}, parameter_names));
    if (name == "topics" && !choose(value, context, chosen)) return wrong_topics();
    if (name == "interval" && !read_interval(value, interval))
      return refuse(problem(Status::bad_request, "an interval is a time from 1s to 1m", name, {}));
  }
  if (chosen.none()) return wrong_topics();
  Plan plan;
  plan.listen = [&context, chosen, interval](Listener& listener) {
    return context.samples->listen(chosen, interval, listener, Samples::Clock::now());
  };
  return plan;
}

}  // namespace vitald::http
