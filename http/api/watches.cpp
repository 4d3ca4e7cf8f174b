// /api/v1/watches and below.
#include "http/watches.hpp"

#include "collectors/base/scan.hpp"
#include "http/api/handlers.hpp"
#include "http/api/watch_json.hpp"
#include "http/encode/json.hpp"
#include "http/events/watched.hpp"

namespace vitald::http {
namespace {

constexpr std::string_view json_type = "application/json";
constexpr std::size_t usual_events = 1000, most_events = 10'000, most_entries = 100'000;

Plan no_watch() { return refuse(problem(Status::not_found, "there is no such watch")); }

Reply shown(const Watches& watches, std::string_view name) {
  const auto item = watches.item(name);
  if (!item) return problem(Status::not_found, "there is no such watch");
  Out out;
  out << "{\"data\":";
  write_watch(out, *item);
  out << "}\n";
  return text(Status::ok, json_type, std::string(out.view()));
}

Reply answered(const Watches& watches, std::string_view name, const WatchPlace& place, std::size_t limit) {
  const auto page = watches.events(name, place.after, limit);
  const auto ids = watches.ids(name);
  const auto why = page.lost && place.reset.empty() ? std::string_view("expired") : place.reset;
  Out out;
  out << "{\"data\":[";
  if (why.empty())
    for (const auto& event : page.events) {
      if (&event != &page.events.front()) out << ',';
      write_watch_event(out, event, ids);
    }
  out << "],\"meta\":{\"next\":\"" << ids;
  out.number(!why.empty() ? page.last : page.events.empty() ? place.after : page.events.back().sequence);
  out << "\",\"first\":";
  out.number(page.first);
  out << ",\"last\":";
  out.number(page.last);
  if (!why.empty()) {
    out << ",\"reset\":";
    encode::quoted(out, why);
  }
  out << "}}\n";
  return text(Status::ok, json_type, std::string(out.view()));
}

bool wants_stream(const Request& request) { return request.accept.find("text/event-stream") != request.accept.npos; }

// What of the query is wrong, or a status of ok.
Reply read_events_query(const Request& request, const Watches& watches, bool& given, WatchPlace& place,
                        std::size_t& limit) {
  constexpr std::string_view names[] = {"limit", "since"};
  const auto query = parameters(request.query);
  if (!query) return problem(Status::bad_request, "the query holds a broken percent escape");
  for (const auto& [name, value] : *query) {
    if (name != "since" && name != "limit")
      return problem(Status::bad_request, "there is no such parameter", {}, names);
    if (name == "since" && !read_watch_place(value, watches, request.tail, place))
      return problem(Status::bad_request, "since is an event's id or number", name, {});
    if (name == "limit" && (!scan::number(value, limit) || limit == 0 || limit > most_events))
      return problem(Status::bad_request, "limit is a number from 1 to 10000", name, {});
    given |= name == "since";
  }
  return {};
}

Reply tree_reply(const Watches::Tree& tree) {
  Out out;
  out << "{\"data\":[";
  for (const auto& entry : tree.entries) {
    if (&entry != &tree.entries.front()) out << ',';
    write_watch_path(out << '{', "path", entry.path);
    out << ",\"is_dir\":" << (entry.folder ? "true}" : "false}");
  }
  out << "],\"meta\":{\"last\":";
  out.number(tree.last);
  out << ",\"whole\":" << (tree.whole ? "true" : "false") << "}}\n";
  return text(Status::ok, json_type, std::string(out.view()));
}

}  // namespace

Reply watches(const Request&, const Context& context, const View&) {
  Out out;
  out << "{\"data\":[";
  std::string_view comma;
  for (const auto& name : context.watches->names())
    if (const auto item = context.watches->item(name)) {
      out << std::exchange(comma, ",");
      write_watch(out, *item);
    }
  out << "]}\n";
  return text(Status::ok, json_type, std::string(out.view()));
}

Plan plan_watch(const Request& request, const Context& context) {
  return context.watches->has(request.tail) ? plan_no_parameters(request, context) : no_watch();
}

Reply watch_item(const Request& request, const Context& context, const View&) {
  return shown(*context.watches, request.tail);
}

Plan plan_watch_events(const Request& request, const Context& context) {
  auto& all = *context.watches;
  if (!all.has(request.tail)) return no_watch();
  WatchPlace place;
  std::size_t limit = usual_events;
  bool given = false;
  if (auto wrong = read_events_query(request, all, given, place, limit); wrong.code != Status::ok) return refuse(wrong);
  const auto kept = all.events(request.tail, 0, 0);
  if (!given) place.after = wants_stream(request) ? kept.last : kept.first - 1;
  if (!wants_stream(request)) return refuse(answered(all, request.tail, place, limit));
  const auto resumes = request.last_event_id;
  if (!resumes.empty()) place = {};
  if (!resumes.empty() && !read_watch_place(resumes, all, request.tail, place)) place.reset = "unknown id";
  Plan plan;
  plan.listen = [&all, name = std::string(request.tail), place](Listener& listener) {
    return follow_watch(all, name, place, listener);
  };
  return plan;
}

Plan plan_watch_sync(const Request& request, const Context& context) {
  auto& all = *context.watches;
  if (!all.has(request.tail)) return no_watch();
  Plan plan;
  plan.later = [&all, name = std::string(request.tail)](const Answer& answer) {
    all.sync(name, [answer, ids = all.ids(name)](std::uint64_t last) {
      const auto number = std::to_string(last);
      answer(text(Status::ok, json_type, "{\"data\":{\"seq\":" + number + ",\"id\":\"" + ids + number + "\"}}\n"));
    });
  };
  return plan;
}

Plan plan_watch_tree(const Request& request, const Context& context) {
  auto& all = *context.watches;
  const auto item = all.item(request.tail);
  if (!item) return no_watch();
  if (!item->report.standing.ready) return refuse(problem(Status::unavailable, "the tree is not known yet"));
  Plan plan;
  plan.later = [&all, name = std::string(request.tail)](const Answer& answer) {
    all.tree(name, most_entries, [answer](const Watches::Tree& tree) { answer(tree_reply(tree)); });
  };
  return plan;
}

Plan plan_add_watch(const Request& request, const Context& context) {
  std::string name;
  const auto why = context.watches->add(request.body, name);
  return refuse(why.empty() ? shown(*context.watches, name) : problem(Status::bad_request, why));
}

Plan plan_remove_watch(const Request& request, const Context& context) {
  switch (context.watches->remove(request.tail)) {
    case Watches::Removal::none_such: return no_watch();
    case Watches::Removal::configured:
      return refuse(problem(Status::forbidden, "it comes from the configuration, and goes with that"));
    case Watches::Removal::done: break;
  }
  Reply reply;
  reply.code = Status::no_content;
  return refuse(reply);
}

}  // namespace vitald::http
