#include "daemon/follow/follow.hpp"

#include "daemon/diff/fetch.hpp"
#include "daemon/follow/arguments.hpp"
#include "daemon/follow/events.hpp"
#include "daemon/ps/rows.hpp"

#include <sysexits.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <thread>
#include <utility>

namespace vitald::follow {
namespace {

constexpr std::string_view all_watches = "/api/v1/watches";
constexpr auto until_again = std::chrono::seconds(2), answer_time = std::chrono::seconds(30),
               silence = std::chrono::seconds(90);  // the daemon says now and then that it is there

volatile std::sig_atomic_t follow_ends = 0;
void end_following(int) { follow_ends = 1; }

void put(std::string_view text, std::FILE* to) { std::fwrite(text.data(), 1, text.size(), to); }

int complain(const std::string& why, int status) {
  put("vitald watch: " + why + "\n", stderr);
  return status;
}

class Client {
 public:
  explicit Client(Arguments arguments) : wanted_(std::move(arguments)), place_(wanted_.since) {}

  int run() {
    if (const int status = begin(); status != EX_OK) return status;
    while (goes_on()) {
      const auto ended = follow();
      if (!goes_on()) break;
      if (!connected_ || (refused(ended) && !(made_ && begin() == EX_OK))) return explain(ended);
      if (!std::exchange(away_, true)) complain("the daemon is away; waiting for it", 0);
      std::this_thread::sleep_for(until_again);
    }
    if (made_) ask("DELETE", "/" + name_, {});
    return EX_OK;
  }

 private:
  static bool refused(const diff::Fetched& answer) { return answer.status >= 400 && answer.status < 500; }
  bool goes_on() const { return follow_ends == 0 && std::ferror(stdout) == 0; }

  diff::Fetched ask(std::string_view method, const std::string& tail, const std::string& body) {
    auto url = wanted_.url;
    url.target = std::string(all_watches) + tail;
    return diff::ask(url, {method, {}, body}, answer_time);
  }

  // The watch that is meant, made where there is none.
  int begin() {
    if (!wanted_.what.starts_with('/')) return name_ = wanted_.what, EX_OK;
    const auto list = ask("GET", {}, {});
    if (!list.fault.empty()) return explain(list);
    name_ = watch_of(list.body, wanted_.what);
    if (!name_.empty()) return EX_OK;
    name_ = "watch-" + std::to_string(::getpid());
    const auto made = ask("POST", {}, wish_for(name_, wanted_.what));
    made_ = made.fault.empty();
    return made_ ? EX_OK : explain(made);
  }

  diff::Fetched follow() {
    auto url = wanted_.url;
    url.target = std::string(all_watches) + "/" + name_ + "/events";
    if (place_.empty() && made_) url.target += "?since=0";  // all since it was made
    diff::Question question;
    question.fields = {{"Accept", "text/event-stream"}};
    if (!place_.empty()) question.fields.emplace_back("Last-Event-ID", place_);
    feed_.restart();
    const auto take = [this](std::string_view bytes) {
      connected_ = true;
      away_ = false;
      feed_.take(bytes);
      std::fflush(stdout);
    };
    auto ended = diff::follow(url, question, {take, [this] { return goes_on(); }}, silence);
    return ended;
  }

  void tell(const Told& told) {
    place_ = told.id;
    put((wanted_.json ? json_of(told) : line_of(told)) + "\n", stdout);
  }

  int explain(const diff::Fetched& answer) const {
    const auto detail = ps::detail_of(answer.body);
    const bool forbidden = answer.status == 401 || answer.status == 403;
    return complain(detail.empty() ? wanted_.url.shown + ": " + answer.fault : detail, forbidden ? EX_NOPERM
                                                                                       : answer.status == 400
                                                                                           ? EX_USAGE
                                                                                           : EX_UNAVAILABLE);
  }

  const Arguments wanted_;
  std::string name_, place_;
  bool made_ = false, connected_ = false, away_ = false;
  Feed feed_{[this](const Told& told) { tell(told); }};
};

std::string daemon_socket() {
  constexpr const char* path = "/run/vitald/vitald.sock";
  return ::access(path, R_OK | W_OK) == 0 ? path : "";
}

}  // namespace

int run(std::span<char* const> words) {
  auto arguments = read_arguments(words, daemon_socket());
  if (!arguments.fault.empty()) return complain(arguments.fault + "; try vitald watch --help", EX_USAGE);
  if (arguments.help) return put(usage_text(), stdout), EX_OK;
  std::signal(SIGINT, end_following);
  std::signal(SIGTERM, end_following);
  return Client(std::move(arguments)).run();
}

}  // namespace vitald::follow
