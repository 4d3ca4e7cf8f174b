// /api/v1/watches and below, and their streams, with watches that are made up.
#include "http/watches.hpp"

#include "daemon/watch_metrics.hpp"
#include "http/api.hpp"
#include "http/events/watched.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <map>

namespace api_watches_test {

using namespace vitald;
using nlohmann::json;
using namespace std::string_literals;

namespace {

// With room for three events a watch. sync() and tree() answer at once.
class MadeUp final : public http::Watches {
 public:
  watch::Common common() const override { return {}; }
  struct One {
    Item item;
    std::vector<watch::Event> events;
    std::string boot = "boot";
  };
  std::map<std::string, One, std::less<>> all;
  std::vector<http::Listener*> listeners;
  std::string wrong, asked_for;

  One& add(const std::string& name, bool ephemeral = false) {
    auto& one = all[name];
    one.item.settings.name = name;
    one.item.settings.path = "/srv/" + name;
    one.item.report.standing.state = watch::State::active;
    one.item.ephemeral = ephemeral;
    return one;
  }
  void tell(const std::string& name, watch::Event event) {
    auto& one = all[name];
    event.sequence = one.item.report.last + 1;
    ++one.item.report.events[static_cast<std::size_t>(event.type)];
    one.events.push_back(std::move(event));
    if (one.events.size() > 3) one.events.erase(one.events.begin());
    one.item.report.last = one.events.back().sequence;
    one.item.report.first = one.events.front().sequence;
  }

  bool has(std::string_view name) const override { return all.contains(name); }
  std::string ids(std::string_view name) const override {
    return all.find(name)->second.boot + "-" + std::string(name) + "-";
  }
  std::vector<std::string> names() const override {
    std::vector<std::string> names;
    for (const auto& [name, one] : all) names.push_back(name);
    return names;
  }
  std::optional<Item> item(std::string_view name) const override {
    const auto at = all.find(name);
    return at == all.end() ? std::nullopt : std::optional(at->second.item);
  }
  watch::Page events(std::string_view name, std::uint64_t after, std::size_t most) const override {
    const auto& one = all.find(name)->second;
    watch::Page page;
    page.first = one.item.report.first;
    page.last = one.item.report.last;
    page.lost = after + 1 < page.first;
    for (const auto& event : one.events)
      if (event.sequence > after && page.events.size() < most) page.events.push_back(event);
    return page;
  }
  void listen(http::Listener& listener) override { listeners.push_back(&listener); }
  void leave(http::Listener& listener) override { std::erase(listeners, &listener); }
  void sync(std::string_view name, std::function<void(std::uint64_t)> done) override {
    done(all.find(name)->second.item.report.last);
  }
  void tree(std::string_view, std::size_t, std::function<void(Tree)> done) override {
    done({{{"a", true}, {"a/\xff", false}}, 7, false});
  }
  std::string add(std::string_view text, std::string& name) override {
    asked_for = text;
    if (wrong.empty()) add(name = "made", true);
    return wrong;
  }
  Removal remove(std::string_view name) override {
    if (!has(name)) return Removal::none_such;
    return all.find(name)->second.item.ephemeral ? Removal::done : Removal::configured;
  }
};

watch::Event event(watch::Type type, std::string path, std::string target = {}) {
  watch::Event made;
  made.type = type;
  made.path = std::move(path);
  made.target = std::move(target);
  made.time_ns = 1'500'000'000;
  return made;
}

struct Asked {
  http::Reply reply;
  http::Listen listen;
  json body;
};

struct Api {
  Api() { context.watches = &watches; }
  Asked ask(const std::string& target, http::Method method = http::Method::get, std::string_view body = {}) {
    const auto routes = http::routes(context);
    const auto question = target.find('?');
    const auto path = "/api/v1/watches" + target.substr(0, question),
               query = question == target.npos ? "" : target.substr(question + 1);
    http::Request request;
    request.method = method;
    request.path = path;
    request.query = query;
    request.body = body;
    request.accept = accept;
    request.last_event_id = last_event_id;
    Asked asked;
    const auto* const route = http::find(routes, request, asked.reply);
    REQUIRE_MESSAGE(route, target);
    CHECK(route->access == http::Class::private_);
    const auto plan = route->plan(request, context);
    if (plan.refusal)
      asked.reply = *plan.refusal;
    else if (plan.later)
      plan.later([&](http::Reply reply) { asked.reply = std::move(reply); });
    else if (plan.listen)
      asked.listen = plan.listen;
    else
      asked.reply = route->reply(request, context, {});
    std::string all;
    if (asked.reply.body)
      for (const auto& part : asked.reply.body->parts) all.append(part.bytes);
    asked.body = json::parse(all, nullptr, false);
    return asked;
  }
  std::unique_ptr<http::Subscription> stream(const std::string& target) {
    accept = "text/event-stream";
    const auto asked = ask(target);
    REQUIRE(asked.listen);
    return asked.listen(listener);
  }

  struct Ear final : http::Listener {
    void news() override {}
  } listener;
  std::string accept, last_event_id;
  MadeUp watches;
  http::Context context;
};

}  // namespace

TEST_SUITE("http/api/watches") {
  TEST_CASE("all, one, and none") {
    Api api;
    CHECK(api.ask("").body == json{{"data", json::array()}});
    api.watches.add("a").item.settings.exclude = {"*.gz"};
    api.watches.add("b\"").item.report.standing.reason = "permission denied";
    const auto all = api.ask("").body.at("data");
    REQUIRE(all.size() == 2);
    CHECK(all[0].at("exclude") == json{"*.gz"});
    CHECK(all[1].at("reason") == "permission denied");
    CHECK(api.ask("/a").body.at("data") == all[0]);
    CHECK(api.ask("/a").body.at("data").at("state") == "active");
    CHECK(api.ask("/c").reply.code == http::Status::not_found);
    CHECK(api.ask("/c/events").reply.code == http::Status::not_found);
    CHECK(api.ask("/c/tree").reply.code == http::Status::not_found);
    CHECK(api.ask("/c/sync", http::Method::post).reply.code == http::Status::not_found);
    CHECK(api.ask("/a?x=1").reply.code == http::Status::bad_request);
  }

  TEST_CASE("an event tells what is known of it") {
    Api api;
    api.watches.add("a");
    auto made = event(watch::Type::created, "x\xff\n");
    made.known = made.synthetic = true;
    made.size = 5;
    made.inode = 9;
    made.mtime_ns = 2'000'000'000;
    api.watches.tell("a", made);
    api.watches.tell("a", event(watch::Type::moved, "x", "y/z"));
    auto gone = event(watch::Type::root_gone, "");
    gone.why = "unmounted";
    api.watches.tell("a", gone);
    const auto told = api.ask("/a/events").body;
    CHECK(told.at("meta") == json{{"next", "boot-a-3"}, {"first", 1}, {"last", 3}});
    CHECK(told.at("data")[0] == json{{"id", "boot-a-1"},
                                     {"seq", 1},
                                     {"time_seconds", 1.5},
                                     {"type", "created"},
                                     {"path", "x\uFFFD\n"},
                                     {"path_b64", "eP8K"},
                                     {"is_dir", false},
                                     {"size", 5},
                                     {"mtime_seconds", 2},
                                     {"inode", 9},
                                     {"synthetic", true}});
    CHECK(told.at("data")[1].at("dest_path") == "y/z");
    CHECK(told.at("data")[2].at("reason") == "unmounted");
    CHECK(!told.at("data")[2].contains("path"));
  }

  TEST_CASE("pages go on where one ended, and say when that is gone") {
    Api api;
    api.watches.add("a");
    for (int i = 0; i < 5; ++i) api.watches.tell("a", event(watch::Type::created, std::to_string(i)));
    CHECK(api.ask("/a/events").body.at("data").size() == 3);
    CHECK(api.ask("/a/events?limit=2").body.at("meta").at("next") == "boot-a-4");
    CHECK(api.ask("/a/events?since=boot-a-4").body.at("data").size() == 1);
    CHECK(api.ask("/a/events?since=5").body ==
          json{{"data", json::array()}, {"meta", {{"next", "boot-a-5"}, {"first", 3}, {"last", 5}}}});
    const auto expired = api.ask("/a/events?since=1").body;
    CHECK(expired.at("data").empty());
    CHECK(expired.at("meta").at("reset") == "expired");
    CHECK(expired.at("meta").at("next") == "boot-a-5");
    CHECK(api.ask("/a/events?since=old-a-4").body.at("meta").at("reset") == "restarted");
    CHECK(api.ask("/a/events?since=6").body.at("meta").at("reset") == "restarted");
    for (const char* wrong : {"since=x", "since=boot-a-", "limit=0", "limit=10001", "limit=x", "from=1", "since=%zz"})
      CHECK_MESSAGE(api.ask("/a/events?"s + wrong).reply.code == http::Status::bad_request, wrong);
  }

  TEST_CASE("a stream tells each event once, from where the client was") {
    Api api;
    api.watches.add("a");
    api.watches.tell("a", event(watch::Type::created, "old"));
    const auto fresh = api.stream("/a/events"), all = api.stream("/a/events?since=0");
    CHECK(fresh->next().empty());
    CHECK(all->next().own ==
          "id: boot-a-1\nevent: created\ndata: {\"id\":\"boot-a-1\",\"seq\":1,\"time_seconds\":1.5,"
          "\"type\":\"created\",\"path\":\"old\",\"is_dir\":false}\n\n");
    CHECK(api.watches.listeners.size() == 2);
    api.watches.tell("a", event(watch::Type::deleted, "data: \nid: 7"));
    const auto next = fresh->next().own;
    CHECK(next.find("id: boot-a-2\nevent: deleted\ndata: {") == 0);
    const auto data = next.find("data: {") + 6;
    CHECK(json::parse(next.substr(data, next.find('\n', data) - data)).at("path") == "data: \nid: 7");
    CHECK(fresh->next().empty());
    api.last_event_id = "boot-a-1";
    CHECK(api.stream("/a/events?since=0")->next().own == next);
  }

  TEST_CASE("a stream that cannot go on says why, and where it does") {
    Api api;
    api.watches.add("a");
    for (int i = 0; i < 9; ++i) api.watches.tell("a", event(watch::Type::created, std::to_string(i)));
    const auto reset = [&](const std::string& id) {
      api.last_event_id = id;
      const auto stream = api.stream("/a/events");
      auto told = stream->next().own;
      CHECK(stream->next().empty());
      return told;
    };
    const auto end = ",\"start\":9}\n\n"s;
    CHECK(reset("boot-a-2") == "id: boot-a-9\nevent: reset\ndata: {\"reason\":\"expired\"" + end);
    CHECK(reset("before-a-8") == "id: boot-a-9\nevent: reset\ndata: {\"reason\":\"restarted\"" + end);
    CHECK(reset("boot-a-10") == "id: boot-a-9\nevent: reset\ndata: {\"reason\":\"restarted\"" + end);
    CHECK(reset("words") == "id: boot-a-9\nevent: reset\ndata: {\"reason\":\"unknown id\"" + end);
  }

  TEST_CASE("a stream is told of its watch's end, and of another by its name") {
    Api api;
    api.watches.add("a");
    api.watches.tell("a", event(watch::Type::created, "x"));
    auto stream = api.stream("/a/events");
    auto& one = api.watches.add("a");
    one = {};
    one.item.settings.name = "a";
    one.boot = "next";
    CHECK(stream->next().own == "id: next-a-0\nevent: reset\ndata: {\"reason\":\"restarted\",\"start\":0}\n\n");
    api.watches.tell("a", event(watch::Type::created, "x"));
    CHECK(stream->next().own.starts_with("id: next-a-1\nevent: created\n"));
    api.watches.all.clear();
    CHECK(stream->next().own.find("{\"reason\":\"removed\"") != std::string::npos);
    CHECK(stream->next().empty());
    stream.reset();
    CHECK(api.watches.listeners.empty());
  }

  TEST_CASE("the tree, and the barrier") {
    Api api;
    auto& one = api.watches.add("a");
    CHECK(api.ask("/a/tree").reply.code == http::Status::unavailable);
    one.item.report.standing.ready = true;
    CHECK(api.ask("/a/tree").body ==
          json{{"data",
                {{{"path", "a"}, {"is_dir", true}}, {{"path", "a/\uFFFD"}, {"path_b64", "YS//"}, {"is_dir", false}}}},
               {"meta", {{"last", 7}, {"whole", false}}}});
    api.watches.tell("a", event(watch::Type::created, "x"));
    CHECK(api.ask("/a/sync", http::Method::post).body == json{{"data", {{"seq", 1}, {"id", "boot-a-1"}}}});
  }

  TEST_CASE("made and ended by clients") {
    Api api;
    api.watches.add("a");
    CHECK(api.ask("", http::Method::post, "{name: made}").body.at("data").at("ephemeral") == true);
    CHECK(api.watches.asked_for == "{name: made}");
    api.watches.wrong = "its path is not below one of watch.roots";
    const auto refused = api.ask("", http::Method::post, "{}");
    CHECK(refused.reply.code == http::Status::bad_request);
    CHECK(refused.body.at("detail") == api.watches.wrong);
    CHECK(api.ask("/made", http::Method::remove).reply.code == http::Status::no_content);
    CHECK(api.ask("/a", http::Method::remove).reply.code == http::Status::forbidden);
    CHECK(api.ask("/b", http::Method::remove).reply.code == http::Status::not_found);
  }

  TEST_CASE("their metrics, and none where there is none") {
    Api api;
    Out out;
    write_watch_metrics(api.watches, out, encode::Format::text);
    CHECK(out.view().empty());
    api.watches.add("a").item.report.standing.unreadable = 2;
    api.watches.tell("a", event(watch::Type::created, "x"));
    write_watch_metrics(api.watches, out, encode::Format::text);
    const std::string text(out.view());
    for (const char* line :
         {"# TYPE vitald_watch_events_total counter\n", "vitald_watch_events_total{type=\"created\",watch=\"a\"} 1\n",
          "vitald_watch_state{state=\"active\",watch=\"a\"} 1\n",
          "vitald_watch_state{state=\"missing\",watch=\"a\"} 0\n", "vitald_watch_missing{watch=\"a\"} 2\n"})
      CHECK_MESSAGE(text.find(line) != text.npos, line);
  }
}

}  // namespace api_watches_test
