#include "http/server.hpp"

#include "http/api/metrics_text.hpp"
#include "tests/support/running.hpp"
#include "tests/support/wire.hpp"

#include <doctest/doctest.h>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <nlohmann/json.hpp>

#include <future>
#include <thread>

namespace server_test {

using namespace vitald;
using namespace std::chrono_literals;
using test::get;
using test::has_line;

namespace {

namespace asio = boost::asio;

struct Row {
  std::uint64_t value = 7;
};
constexpr Column columns[] = {gauge<&Row::value>("answer_count", "How many.", {}, "answer")};
constinit const Table<Row> table{{"answers", "nowhere", {}, columns}};
constexpr const Layout* layouts[] = {&table};
constinit const Entry good{"good", "A good one.", true, Entry::Runs::fast, nullptr, layouts};
constinit const Entry bad{"bad", "One that fails.", true, Entry::Runs::fast, nullptr, layouts};
constinit const Entry off{"off", "One that is off.", false, Entry::Runs::fast, nullptr, layouts};

// Answers at once: "good" has a page, "bad" a fault.
class FakeReadings final : public http::Readings {
 public:
  explicit FakeReadings(asio::io_context& loop) : loop_(loop) {
    auto page = std::make_shared<Page>();
    page->sheet(table).next();
    page_ = page;
  }
  std::span<const Known> known() const override { return known_; }
  void ask(const http::Selection& selection, Clock::duration patience, Ready ready) override {
    last_patience = patience;
    auto view = std::make_shared<http::View>();
    if (selection[0]) view->readings.push_back({&good, page_, State::ok, {}, 0.25, 1000, 1000});
    if (selection[1]) view->readings.push_back({&bad, nullptr, State::permission, "/proc/x: denied", 0, 1000, 0});
    asio::post(loop_, [ready = std::move(ready), view = std::move(view)] { ready(view); });
  }
  std::shared_ptr<const http::View> latest() const override {
    auto view = std::make_shared<http::View>();
    view->readings.push_back({&bad, nullptr, State::permission, "/proc/x: denied", 0, 1000, 0});
    return view;
  }
  std::atomic<Clock::duration> last_patience{};

 private:
  asio::io_context& loop_;
  std::shared_ptr<const Page> page_;
  std::vector<Known> known_{{&good, true}, {&bad, true}, {&off, false}};
};

class CountingMetrics final : public http::OwnMetrics {
 public:
  void write(Out& out, encode::Format, bool) override { out << "own 1\n"; }
  void answered(std::string_view, http::Status) override { ++answers; }
  std::span<const http::OwnFamily> families() const override {
    static constexpr std::string_view labels[] = {"route"};
    static constexpr http::OwnFamily own[] = {{"own_requests_total", "Requests.", Type::counter, labels}};
    return own;
  }
  std::span<const Layout* const> layouts() const override { return {}; }
  std::atomic<int> answers = 0;
};

// A server on a free port of 127.0.0.1, with its loop on a thread.
class Serving {
 public:
  explicit Serving(http::Limits limits = {}) {
    context_.readings = &readings;
    context_.own = &own;
    context_.metrics_text = &text_;
    context_.ready = true;
    server = std::make_unique<http::Server>(loop_, context_, limits);
    REQUIRE(server->listen("127.0.0.1", 0).empty());
    const auto address = server->addresses().front();
    port = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
    server->accept();
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~Serving() {
    loop_.stop();
    thread_.join();
  }
  // Runs something on the loop and waits for it.
  void run_on_loop(const std::function<void()>& work) {
    std::promise<void> done;
    asio::post(loop_, [&] {
      work();
      done.set_value();
    });
    done.get_future().wait();
  }

 private:
  asio::io_context loop_{1};

 public:
  FakeReadings readings{loop_};
  CountingMetrics own;
  std::uint16_t port = 0;
  std::unique_ptr<http::Server> server;

 private:
  http::MetricsText text_;
  http::Context context_;
  std::thread thread_;
};

}  // namespace

TEST_SUITE("http/server") {
  TEST_CASE("the page of metrics: collectors, what the frame tells of them, and the daemon's own") {
    Serving serving;
    const auto reply = get(serving.port, "/metrics");
    CHECK(reply.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(has_line(reply, "Content-Type: text/plain; version=0.0.4; charset=utf-8"));
    CHECK(has_line(reply, "Vary: Accept, Accept-Encoding"));
    const auto body = test::body_of(reply);
    CHECK(
        body.starts_with("# HELP node_answer_count How many.\n# TYPE node_answer_count gauge\nnode_answer_count 7\n"));
    CHECK(test::lines(body, "node_scrape_collector_success{") ==
          "node_scrape_collector_success{collector=\"good\"} 1\nnode_scrape_collector_success{collector=\"bad\"} 0\n");
    CHECK(test::lines(body, "vitald_collector_state{") ==
          "vitald_collector_state{collector=\"good\",state=\"ok\"} 1\n"
          "vitald_collector_state{collector=\"bad\",state=\"permission\"} 1\n");
    CHECK(test::lines(body, "vitald_collector_last_success_timestamp_seconds{") ==
          "vitald_collector_last_success_timestamp_seconds{collector=\"good\"} 1000\n");
    CHECK(body.ends_with("own 1\n"));
  }

  TEST_CASE("OpenMetrics for those who ask for it, each format from the same reading") {
    Serving serving;
    const auto reply = get(serving.port, "/metrics", "Accept: application/openmetrics-text;version=1.0.0\r\n");
    CHECK(has_line(reply, "Content-Type: application/openmetrics-text; version=1.0.0; charset=utf-8"));
    CHECK(has_line(reply, "Vary: Accept, Accept-Encoding"));
    const auto body = test::body_of(reply);
    CHECK(
        body.starts_with("# TYPE node_answer_count gauge\n# HELP node_answer_count How many.\nnode_answer_count 7\n"));
    CHECK(body.ends_with("own 1\n# EOF\n"));
  }

  TEST_CASE("gzip only where it is wanted, with the length of what is sent") {
    Serving serving;
    const auto packed = get(serving.port, "/metrics", "Accept-Encoding: gzip\r\n");
    CHECK(has_line(packed, "Content-Encoding: gzip"));
    CHECK(test::body_of(packed).starts_with("\x1f\x8b"));
    CHECK(get(serving.port, "/metrics", "Accept-Encoding: gzip;q=0\r\n").find("Content-Encoding") == std::string::npos);
  }

  TEST_CASE("collect[] and exclude[] choose, and wrong ones are told as the peer tells them") {
    Serving serving;
    const auto success = [&](const char* target) {
      return test::lines(test::body_of(get(serving.port, target)), "node_scrape_collector_success{");
    };
    CHECK(success("/metrics?collect[]=bad") == "node_scrape_collector_success{collector=\"bad\"} 0\n");
    CHECK(success("/metrics?exclude%5B%5D=bad") == "node_scrape_collector_success{collector=\"good\"} 1\n");
    CHECK(success("/metrics?exclude[]=none&exclude[]=off&exclude[]=bad") ==
          "node_scrape_collector_success{collector=\"good\"} 1\n");
    for (const char* wrong : {"/metrics?collect[]=none", "/metrics?collect[]=off", "/metrics?a=%zz",
                              "/metrics?collect[]=good&exclude[]=bad", "/metrics?collect[]=good&exclude[]=none"})
      CHECK_MESSAGE(get(serving.port, wrong).starts_with("HTTP/1.1 400 "), wrong);
    CHECK(test::body_of(get(serving.port, "/metrics?collect[]=off")) ==
          "Couldn't create filtered metrics handler: couldn't create collector: disabled collector: off\n");
  }

  TEST_CASE("the scraper's timeout bounds the collectors' time") {
    Serving serving;
    get(serving.port, "/metrics", "X-Prometheus-Scrape-Timeout-Seconds: 3\r\n");
    CHECK(serving.readings.last_patience.load() == 2500ms);
    get(serving.port, "/metrics", "X-Prometheus-Scrape-Timeout-Seconds: 10\r\n");
    CHECK(serving.readings.last_patience.load() == 5s);
    get(serving.port, "/metrics", "X-Prometheus-Scrape-Timeout-Seconds: 0.4\r\n");
    CHECK(serving.readings.last_patience.load() == 200ms);
    for (const char* nonsense : {"0", "-1", "x", "inf", "1e99"}) {
      get(serving.port, "/metrics", std::string("X-Prometheus-Scrape-Timeout-Seconds: ").append(nonsense) + "\r\n");
      CHECK_MESSAGE(serving.readings.last_patience.load() == 5s, nonsense);
    }
  }

  TEST_CASE("the API tells of every collector, and gives one's rows") {
    Serving serving;
    const auto all = nlohmann::json::parse(test::body_of(get(serving.port, "/api/v1/collectors")));
    CHECK(all["meta"]["total"] == 3);
    CHECK(all["data"][1]["state"] == "permission");
    CHECK(all["data"][1]["error"] == "/proc/x: denied");
    CHECK(all["data"][2]["on"] == false);
    const auto one = nlohmann::json::parse(test::body_of(get(serving.port, "/api/v1/collectors/good")));
    CHECK(one["data"]["answers"][0]["answer"] == 7);
    CHECK(one["sampled_at_seconds"] == 1000);
    CHECK(get(serving.port, "/api/v1/collectors/none").starts_with("HTTP/1.1 404 "));
    CHECK(get(serving.port, "/api/v1/collectors/off").starts_with("HTTP/1.1 503 "));
    CHECK(get(serving.port, "/api/v1/collectors?colour=red").starts_with("HTTP/1.1 400 "));
  }

  TEST_CASE("metadata tell of every family: the collectors', the frame's and the daemon's own") {
    Serving serving;
    const auto ask = [&](const char* query) {
      return nlohmann::json::parse(test::body_of(get(serving.port, std::string("/api/v1/metadata").append(query))));
    };
    const auto all = ask("");
    CHECK(all["status"] == "success");
    const auto& answer = all["data"]["node_answer_count"];
    REQUIRE(answer.size() == 1);
    CHECK(answer[0].dump() == R"({"collector":"good","help":"How many.","labels":[],"type":"gauge","unit":""})");
    CHECK(all["data"]["node_scrape_collector_duration_seconds"][0]["unit"] == "seconds");
    CHECK(all["data"]["vitald_collector_state"][0]["labels"] == nlohmann::json({"collector", "state"}));
    CHECK(all["data"]["own_requests_total"][0]["labels"] == nlohmann::json({"route"}));
    CHECK(ask("?metric=node_answer_count")["data"].size() == 1);
    CHECK(ask("?metric=nothing")["data"].empty());
    CHECK(ask("?limit=2")["data"].size() == 2);
    for (const char* wrong : {"?limit=x", "?limit=", "?colour=red", "?metric=%zz"})
      CHECK_MESSAGE(get(serving.port, std::string("/api/v1/metadata").append(wrong)).starts_with("HTTP/1.1 400 "),
                    wrong);
  }

  TEST_CASE("unknown targets and methods") {
    Serving serving;
    CHECK(has_line(get(serving.port, "/api/v1/nothing"), "Content-Type: application/problem+json"));
    const auto gone = nlohmann::json::parse(test::body_of(get(serving.port, "/api/v1/nothing")));
    CHECK(gone["status"] == 404);
    CHECK(test::body_of(get(serving.port, "/nothing")) == "not found\n");
    const auto refused = test::ask(serving.port, "DELETE /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(refused.starts_with("HTTP/1.1 405 "));
    CHECK(has_line(refused, "Allow: GET, HEAD, OPTIONS"));
    CHECK(get(serving.port, "/").find("<a href=\"/metrics\">") != std::string::npos);
    CHECK(test::body_of(get(serving.port, "/-/healthy")) == "ok\n");
    CHECK(test::body_of(get(serving.port, "/-/ready")) == "ready\n");
  }

  TEST_CASE("HEAD gives the head of GET and no body; the connection goes on") {
    Serving serving;
    test::Wire wire(serving.port);
    wire.say("HEAD /-/healthy HTTP/1.1\r\nHost: x\r\n\r\nGET /-/ready HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto head = wire.reply(false);
    CHECK(has_line(head, "Content-Length: 3"));
    CHECK(test::body_of(wire.reply()) == "ready\n");  // pipelined, in order
    CHECK(serving.own.answers == 2);
  }

  TEST_CASE("a body is refused at once, before it comes") {
    Serving serving;
    for (const char* body : {"Content-Length: 1000000\r\n", "Transfer-Encoding: chunked\r\n"}) {
      test::Wire post(serving.port), with_get(serving.port);
      post.say(std::string("POST /metrics HTTP/1.1\r\nHost: x\r\n").append(body) + "\r\n");
      const auto refused = post.reply();
      CHECK(refused.starts_with("HTTP/1.1 405 "));
      CHECK(has_line(refused, "Allow: GET, HEAD, OPTIONS"));
      CHECK(has_line(refused, "Connection: close"));
      CHECK(post.closed());
      with_get.say(std::string("GET /metrics HTTP/1.1\r\nHost: x\r\n").append(body) + "\r\n");
      CHECK(with_get.reply().starts_with("HTTP/1.1 413 "));
    }
    CHECK(get(serving.port, "/-/healthy", "Content-Length: 0\r\n").starts_with("HTTP/1.1 200 "));
  }

  TEST_CASE("heads that are too long or malformed are refused, and the connection ends") {
    Serving serving;
    const auto begins = [&](const std::string& said, const char* status) {
      test::Wire wire(serving.port);
      wire.say(said);
      const auto reply = wire.reply();
      CHECK_MESSAGE(reply.starts_with(std::string("HTTP/1.1 ") + status), said.substr(0, 40) << " -> " << reply);
      CHECK(wire.closed());
    };
    begins("GET /" + std::string(10'000, 'a'), "414");
    begins("GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(40'000, 'a'), "431");
    begins("GET / HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n", "400");
    begins("GET / HTTP/9.9\r\nHost: x\r\n\r\n", "505");
    begins("GET / HTTP/1.1\r\n\r\n", "400");
    begins("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "400");
    begins("\x16\x03\x01\x02", "400");
    begins("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", "400");
  }

  TEST_CASE("the connection lasts as the client wishes") {
    Serving serving;
    test::Wire old(serving.port), closing(serving.port), half(serving.port);
    old.say("GET /-/healthy HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    CHECK(old.reply().starts_with("HTTP/1.1 200 "));
    CHECK(old.closed());
    closing.say("GET /-/healthy HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    CHECK(has_line(closing.reply(), "Connection: close"));
    CHECK(closing.closed());
    half.say("GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n");
    half.end();
    CHECK(half.reply().starts_with("HTTP/1.1 200 "));
  }

  TEST_CASE("mute and dripping clients are cut") {
    http::Limits limits;
    limits.first_head = limits.head_rest = limits.idle = 80ms;
    Serving serving(limits);
    test::Wire mute(serving.port), dripping(serving.port), idle(serving.port);
    dripping.say("GET / HT");
    idle.say("GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(idle.reply().starts_with("HTTP/1.1 200 "));
    CHECK(mute.closed());
    CHECK(dripping.closed());
    CHECK(idle.closed());
  }

  TEST_CASE("one connection too many sheds the one that has been idle longest") {
    http::Limits limits;
    limits.connections = 2;
    Serving serving(limits);
    const char* healthy = "GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n";
    test::Wire first(serving.port), second(serving.port);
    first.say(healthy);
    CHECK_FALSE(first.reply().empty());
    second.say(healthy);
    CHECK_FALSE(second.reply().empty());
    test::Wire third(serving.port);
    third.say(healthy);
    CHECK_FALSE(third.reply().empty());
    CHECK(first.closed());
    second.say(healthy);
    CHECK_FALSE(second.reply().empty());
  }

  TEST_CASE("draining ends idle connections, and then tells") {
    Serving serving;
    test::Wire idle(serving.port);
    idle.say("GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK_FALSE(idle.reply().empty());
    std::promise<void> ended;
    serving.run_on_loop([&] { serving.server->drain([&] { ended.set_value(); }); });
    CHECK(ended.get_future().wait_for(5s) == std::future_status::ready);
    CHECK(idle.closed());
  }
}

}  // namespace server_test
