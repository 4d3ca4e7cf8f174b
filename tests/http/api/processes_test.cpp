// /api/v1/processes and below, with processes that are made up.
#include "http/processes.hpp"

#include "http/api.hpp"
#include "http/api/process_fields.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <deque>

namespace api_processes_test {

using namespace vitald;
using nlohmann::json;
using namespace std::string_literals;

namespace {

class MadeUp final : public ProcessSource {
 public:
  ProcessSample now;
  std::vector<SampleWish> wishes;
  std::map<std::uint64_t, std::shared_ptr<const ProcessSample>> samples;
  int counted = 0;
  bool fails = false;

  ProcessRow& add(int pid, int parent, std::string_view name, std::uint32_t user = 0) {
    auto& row = now.rows.emplace_back();
    row.pid = pid;
    row.parent = parent;
    row.start_ticks = static_cast<std::uint64_t>(pid);
    row.name = text(name);
    row.state = 'S';
    row.users[0] = row.users[1] = row.users[2] = row.owner = user;
    row.threads = 1;
    now.users[user] = user == 0 ? "root" : "u" + std::to_string(user);
    return row;
  }
  ProcessRow::Piece text(std::string_view bytes) {
    const auto at = static_cast<std::uint32_t>(now.texts.size());
    now.texts += bytes;
    return {at, static_cast<std::uint32_t>(bytes.size())};
  }

  Result<std::shared_ptr<const ProcessSample>> sample(const SampleWish& wish) override {
    wishes.push_back(wish);
    if (fails) return system_fault("/proc", EIO);
    now.id = 100 + wishes.size();
    return std::shared_ptr<const ProcessSample>(std::make_shared<ProcessSample>(now));
  }
  Result<std::shared_ptr<const ProcessCounts>> counts(const SampleWish&) override {
    ++counted;
    return std::shared_ptr<const ProcessCounts>(std::shared_ptr<int>(new int(1)),
                                                reinterpret_cast<ProcessCounts*>(this));
  }
  void keep(const std::shared_ptr<const ProcessSample>& sample) override { samples[sample->id] = sample; }
  std::shared_ptr<const ProcessSample> kept(std::uint64_t id) override { return samples[id]; }
  Result<ProcessPart> part(ProcessPart::Kind, int pid, std::uint64_t) override {
    if (pid == 5) return Fault{Parse::no_data, "ended"};
    if (pid == 6) return system_fault("/proc", EACCES);
    ProcessPart made;
    made.threads.push_back({pid, "t\xff", 'R', 1, 2, 3, 0, 4, {}});
    made.variables.push_back({"A", "b"});
    made.limits.push_back({"open_files", "files", 5, {}});
    return made;
  }
};

// All at once; what is put off is kept.
class AtOnce final : public http::Processes {
 public:
  MadeUp source;
  std::vector<std::pair<std::chrono::milliseconds, std::function<void()>>> put_off;
  void read(Desk, Work work, http::Answer answer) override { answer(work(source)); }
  void after(std::chrono::milliseconds time, std::function<void()> call) override { put_off.emplace_back(time, call); }
  std::chrono::milliseconds freshness() const override { return std::chrono::milliseconds(100); }
};

struct Asked {
  http::Reply reply;
  json body;
};

struct Api {
  Api() {
    context.processes = &processes;
    auto& source = processes.source;
    source.now.memory_bytes = 1000;
    source.now.boot_seconds = 1000;
    source.add(1, 0, "init").resident_bytes = 500;
    auto& worker = source.add(3, 1, "worker", 7);
    worker.user_ticks = 50;
    worker.read_bytes = 10;
    worker.command = source.text("worker\0a b"s);
    worker.cgroup = source.text("/a/b");
    auto& other = source.add(4, 1, "worker\xff", 8);
    other.user_ticks = 200;
    other.read_bytes = 20;
    other.cpu_percent = 12.3456F;
    other.command = source.text("\xfe");
    other.cgroup = source.text("/ab");
    source.add(5, 4, "child", 8).state = 'Z';
  }
  Asked get(const std::string& target, http::Class granted = http::Class::private_, std::uint32_t uid = UINT32_MAX) {
    const auto routes = http::routes(context);
    const auto question = target.find('?');
    const auto path = target.substr(0, question), query = question == target.npos ? "" : target.substr(question + 1);
    http::Request request;
    request.path = path;
    request.query = query;
    request.granted = granted;
    request.uid = uid;
    http::Reply refusal;
    const auto* const route = http::find(routes, request, refusal);
    REQUIRE_MESSAGE(route, target);
    const auto plan = route->plan(request, context);
    Asked asked;
    if (plan.refusal) asked.reply = *plan.refusal;
    if (plan.later) plan.later([&](http::Reply reply) { asked.reply = std::move(reply); });
    std::string all;
    if (asked.reply.body)
      for (const auto& part : asked.reply.body->parts) all.append(part.bytes);
    asked.body = json::parse(all, nullptr, false);
    return asked;
  }
  std::vector<int> pids(const std::string& query) {
    std::vector<int> all;
    const auto asked = get("/api/v1/processes?fields=pid&" + query);
    for (const auto& row : asked.body.at("data")) all.push_back(row.at("pid"));
    return all;
  }
  AtOnce processes;
  http::Context context;
};

using Pids = std::vector<int>;

}  // namespace

TEST_SUITE("http/api/processes") {
  TEST_CASE("filters") {
    Api api;
    CHECK(api.pids("") == Pids{1, 3, 4, 5});
    CHECK(api.pids("pid=3,5") == Pids{3, 5});
    CHECK(api.pids("ppid=1") == Pids{3, 4});
    CHECK(api.pids("name=worker") == Pids{3});
    CHECK(api.pids("name=worker&name=init") == Pids{1, 3});
    CHECK(api.pids("name~=^w") == Pids{3, 4});
    CHECK(api.pids("user=u8") == Pids{4, 5});
    CHECK(api.pids("user=7") == Pids{3});
    CHECK(api.pids("state=zombie") == Pids{5});
    CHECK(api.pids("cgroup=/a") == Pids{3});
    CHECK(api.pids("min.cpu_times.user_seconds_total=0.5&max.cpu_times.user_seconds_total=1") == Pids{3});
    CHECK(api.pids("min.cpu_percent=0") == Pids{4});
    CHECK(api.pids("min.oom_score_adj=-5").empty());
  }

  TEST_CASE("order: by several, either way round, what is not known last, and by number where they are equal") {
    Api api;
    CHECK(api.pids("sort=-pid") == Pids{5, 4, 3, 1});
    CHECK(api.pids("sort=-cpu_times.user_seconds_total") == Pids{4, 3, 1, 5});
    CHECK(api.pids("sort=cpu_percent") == Pids{4, 1, 3, 5});
    CHECK(api.pids("sort=-cpu_percent") == Pids{4, 1, 3, 5});
    CHECK(api.pids("sort=user,-pid") == Pids{1, 3, 5, 4});
    CHECK(api.pids("sort=name") == Pids{5, 1, 3, 4});
  }

  TEST_CASE("pages of a listing are of one sample, until that is gone") {
    Api api;
    const auto first = api.get("/api/v1/processes?limit=3&fields=pid");
    CHECK(first.body["meta"]["total"] == 4);
    CHECK(first.body["meta"]["returned"] == 3);
    const std::string next = first.body["meta"]["next"];
    CHECK(first.reply.fields == "Link: </api/v1/processes?limit=3&fields=pid&cursor=" + next + ">; rel=\"next\"\r\n");
    api.processes.source.now.rows.clear();
    const auto second = api.get("/api/v1/processes?limit=3&fields=pid&cursor=" + next);
    CHECK(second.body["data"] == json::parse("[{\"pid\":5}]"));
    CHECK(second.body["meta"]["next"] == nullptr);
    CHECK(api.processes.source.wishes.size() == 1);
    CHECK(api.get("/api/v1/processes?limit=3&fields=name&cursor=" + next).reply.code == http::Status::bad_request);
    api.processes.source.samples.clear();
    CHECK(api.get("/api/v1/processes?limit=3&fields=pid&cursor=" + next).reply.code == http::Status::gone);
    for (const char* broken : {"x", "1", "1.2", "1.2.x", "-1.2.3", ""})
      CHECK(api.get("/api/v1/processes?cursor="s + broken).reply.code == http::Status::bad_request);
  }

  TEST_CASE("fields: only what is asked for is read and shown; an object's name is all of it") {
    Api api;
    const auto row = api.get("/api/v1/processes?pid=3&fields=io,uids.real,name").body["data"][0];
    CHECK(row.size() == 3);
    CHECK(row["uids"] == json::parse("{\"real\":7}"));
    CHECK(row["io"].size() == 9);
    CHECK(row["io"]["read_bytes_total"] == 10);
    CHECK(row["io"]["write_bytes_total"] == nullptr);
    CHECK(api.processes.source.wishes.back().wants == (bit(From::io) | bit(From::status)));
    api.get("/api/v1/processes?fields=pid,cpu_percent&sort=-cpu_percent");
    CHECK(api.processes.source.wishes.back().wants == 0);
    CHECK(api.processes.source.wishes.back().freshness.count() == 100);
  }

  TEST_CASE("what is wrong is told with what would be right") {
    Api api;
    for (const char* query : {"sort=x",  "sort=cmdline",  "fields=x",       "fields=",   "limit=1001", "limit=-1",
                              "state=x", "name~=(",       "over=1ms",       "over=11s",  "over=x",     "pid=",
                              "pid=x",   "group_by=x",    "min.x=1",        "min.pid=x", "max.name=1", "nmae=x",
                              "root=1",  "start_ticks=1", "recursive=true", "%zz"}) {
      const auto asked = api.get("/api/v1/processes?"s + query);
      CHECK_MESSAGE(asked.reply.code == http::Status::bad_request, query);
      CHECK(asked.reply.type == "application/problem+json");
    }
    CHECK(api.get("/api/v1/processes?nmae=x").body["allowed"][0] == "sort");
    CHECK(api.get("/api/v1/processes?fields=x").body["allowed"].size() == http::process_fields().size());
    CHECK(api.get("/api/v1/processes/3?limit=1").reply.code == http::Status::bad_request);
    CHECK(api.processes.source.wishes.empty());
  }

  TEST_CASE("bytes that are no text are there exactly, too") {
    Api api;
    const auto row = api.get("/api/v1/processes?pid=4&fields=name,cmdline").body["data"][0];
    CHECK(row["name"] == "worker\xEF\xBF\xBD");
    CHECK(row["name_b64"] == "d29ya2Vy/w==");
    CHECK(row["cmdline_b64"] == json::parse("[\"/g==\"]"));
    CHECK_FALSE(api.get("/api/v1/processes?pid=3&fields=name").body["data"][0].contains("name_b64"));
    CHECK(api.get("/api/v1/processes?pid=3&fields=cmdline").body["data"][0]["cmdline"] ==
          json::parse("[\"worker\",\"a b\"]"));
  }

  TEST_CASE("private fields are for those who may see them, and their own user; they order and filter nothing else") {
    Api api;
    const auto row = [&](int pid, http::Class granted, std::uint32_t uid) {
      return api
          .get("/api/v1/processes?fields=pid,cmdline,io.read_bytes_total&pid=" + std::to_string(pid), granted, uid)
          .body["data"][0];
    };
    const auto withheld = json::parse("[\"io.read_bytes_total\",\"cmdline\"]");
    CHECK_FALSE(row(3, http::Class::private_, UINT32_MAX).contains("withheld"));
    CHECK(row(3, http::Class::host, UINT32_MAX)["withheld"] == withheld);
    CHECK(api.processes.source.wishes.back().wants == 0);
    CHECK_FALSE(row(3, http::Class::host, 7).contains("withheld"));
    CHECK(row(4, http::Class::host, 7)["withheld"] == withheld);
    api.processes.source.now.rows[1].users[1] = 0;
    CHECK(row(3, http::Class::host, 7)["withheld"] == withheld);
    api.processes.source.now.rows[1].users[1] = 7;
    api.processes.source.now.rows[1].owner = 0;
    CHECK(row(3, http::Class::host, 7)["withheld"] == withheld);
    const auto stranger = [&](const char* query) {
      return api.get("/api/v1/processes?fields=pid&"s + query, http::Class::host, 9).body["data"];
    };
    CHECK(stranger("min.io.read_bytes_total=0").empty());
    CHECK(stranger("sort=-io.read_bytes_total")[0]["pid"] == 1);
    CHECK(api.get("/api/v1/processes?group_by=user&fields=io.read_bytes_total", http::Class::host, 9)
              .body["data"][1]["io"]["read_bytes_total"] == nullptr);
  }

  TEST_CASE("what the kernel refuses is withheld") {
    Api api;
    api.processes.source.now.rows[0].refused = bit(From::io);
    const auto row = api.get("/api/v1/processes?pid=1&fields=pid,io.read_bytes_total").body["data"][0];
    CHECK(row == json::parse(R"({"pid":1,"withheld":["io.read_bytes_total"]})"));
  }

  TEST_CASE("groups are sums") {
    Api api;
    const auto all =
        api.get("/api/v1/processes?group_by=user&sort=-processes,user&fields=num_threads,io.read_bytes_total");
    CHECK(all.body["meta"]["total"] == 3);
    CHECK(all.body["data"][0] ==
          json::parse(R"({"user":"u8","processes":2,"num_threads":2,"io":{"read_bytes_total":20}})"));
    CHECK(all.body["data"][1]["user"] == "root");
    CHECK(api.get("/api/v1/processes?group_by=cgroup&limit=1").body["meta"]["next"].is_string());
    CHECK(api.get("/api/v1/processes?group_by=cgroup").body["data"][0].contains("cpu_times"));
    CHECK(api.get("/api/v1/processes?group_by=name&sort=user").reply.code == http::Status::bad_request);
  }

  TEST_CASE("one process; another one by its number is gone, none is not found") {
    Api api;
    const auto one = api.get("/api/v1/processes/4").body["data"];
    CHECK((one["pid"] == 4 && one["cpu_percent"] == 12.346 && one["create_time_seconds"] == 1000.04));
    CHECK(one.contains("cgroup"));
    CHECK_FALSE(one["memory"].contains("pss_bytes"));
    CHECK(api.processes.source.wishes.back().only == 4);
    CHECK(api.get("/api/v1/processes/4?start_ticks=4").reply.code == http::Status::ok);
    CHECK(api.get("/api/v1/processes/4?start_ticks=5").reply.code == http::Status::gone);
    CHECK(api.get("/api/v1/processes/99").reply.code == http::Status::not_found);
    for (const char* pid : {"x", "0", "-1", "1x", "99999999999"})
      CHECK(api.get("/api/v1/processes/"s + pid).reply.code == http::Status::not_found);
    api.processes.source.fails = true;
    CHECK(api.get("/api/v1/processes/4").reply.code == http::Status::unavailable);
  }

  TEST_CASE("parts") {
    Api api;
    const auto threads = api.get("/api/v1/processes/3/threads");
    CHECK(threads.body["data"][0]["name_b64"] == "dP8=");
    CHECK(threads.body["data"][0]["user_seconds_total"] == 0.02);
    CHECK(threads.body["data"][0]["involuntary_context_switches_total"] == nullptr);
    CHECK(threads.body["meta"]["start_ticks"] == 3);
    CHECK(api.get("/api/v1/processes/3/limits").body["data"][0]["hard"] == nullptr);
    for (const char* part : {"open-files", "connections", "memory-maps", "cgroup", "namespaces"})
      CHECK(api.get("/api/v1/processes/3/"s + part).body["data"].empty());
    CHECK(api.get("/api/v1/processes/3/environment").body["data"][0]["value"] == "b");
    for (const char* part : {"open-files", "connections", "memory-maps", "environment", "namespaces"}) {
      const auto target = "/api/v1/processes/3/"s + part;
      CHECK(api.get(target, http::Class::host, 9).reply.code == http::Status::forbidden);
      CHECK(api.get(target, http::Class::host).reply.code == http::Status::forbidden);
      CHECK(api.get(target, http::Class::host, 7).reply.code == http::Status::ok);
    }
    CHECK(api.get("/api/v1/processes/3/threads", http::Class::host, 9).reply.code == http::Status::ok);
    CHECK(api.get("/api/v1/processes/5/threads").reply.code == http::Status::not_found);
    api.processes.source.add(6, 1, "hidden");
    CHECK(api.get("/api/v1/processes/6/limits").reply.code == http::Status::forbidden);
    CHECK(api.get("/api/v1/processes/3/threads?start_ticks=1").reply.code == http::Status::gone);
  }

  TEST_CASE("the tree, children and parents") {
    Api api;
    CHECK(api.get("/api/v1/processes/tree?fields=pid").body["data"] ==
          json::parse(
              R"([{"pid":1,"children":[{"pid":3,"children":[]},{"pid":4,"children":[{"pid":5,"children":[]}]}]}])"));
    CHECK(api.get("/api/v1/processes/tree?fields=pid&root=4").body["meta"]["total"] == 2);
    CHECK(api.get("/api/v1/processes/tree?root=77").reply.code == http::Status::not_found);
    const auto numbers = [&](const char* target) {
      Pids all;
      const auto asked = api.get("/api/v1/processes/"s + target);
      for (const auto& row : asked.body.at("data")) all.push_back(row.at("pid"));
      return all;
    };
    CHECK(numbers("1/children") == Pids{3, 4});
    CHECK(numbers("1/children?recursive=true&fields=pid") == Pids{3, 4, 5});
    CHECK(numbers("5/parents") == Pids{4, 1});
    CHECK(numbers("5/children").empty());
    api.processes.source.now.rows[2].start_ticks = 1000;  // 4 is younger than its child: that number was another's
    CHECK(numbers("5/parents").empty());
    CHECK(api.get("/api/v1/processes/tree?fields=pid").body["data"].size() == 2);
  }

  TEST_CASE("a chain of many thousand is no trouble") {
    Api api;
    for (int pid = 10; pid < 20'010; ++pid) api.processes.source.add(pid, pid - 1, "x");
    const auto tree = api.get("/api/v1/processes/tree?fields=pid&root=10");
    CHECK(tree.reply.code == http::Status::ok);
    CHECK(tree.reply.body->size > 200'000);
  }

  TEST_CASE("rates over a time: counted, then put off, then read") {
    Api api;
    http::Reply told;
    http::Request request;
    const std::string query = "over=500ms&fields=pid,cpu_percent";
    request.path = "/api/v1/processes";
    request.query = query;
    http::Reply refusal;
    const auto routes = http::routes(api.context);
    const auto plan = http::find(routes, request, refusal)->plan(request, api.context);
    plan.later([&](http::Reply reply) { told = std::move(reply); });
    REQUIRE(api.processes.put_off.size() == 1);
    CHECK(api.processes.put_off[0].first.count() == 500);
    CHECK((api.processes.source.counted == 1 && api.processes.source.wishes.empty()));
    api.processes.put_off[0].second();
    CHECK(told.code == http::Status::ok);
    CHECK(api.processes.source.wishes.back().since != nullptr);
  }

  TEST_CASE("every field has a name of its own, and those of one object stand together") {
    std::map<std::string, std::size_t> objects;
    const auto all = http::process_fields();
    for (std::size_t i = 0; i < all.size(); ++i) {
      CHECK(http::process_field(all[i].name) == i);
      CHECK((all[i].number != nullptr) + (all[i].text != nullptr) + (all[i].write != nullptr) == 1);
      const std::string object(all[i].name.substr(0, all[i].name.find('.')));
      if (object == all[i].name) continue;
      const auto [at, is_new] = objects.try_emplace(object, i);
      CHECK_MESSAGE((is_new || at->second + 1 == i), all[i].name);
      at->second = i;
    }
  }
}

}  // namespace api_processes_test
