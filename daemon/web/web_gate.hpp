#pragma once
// The web configuration file at work: hands out TLS, checks passwords, and follows the file as it changes.
//
// It fails closed. A file that is gone, cut, broken or opens what was closed changes nothing: what was good last stays.
#include "daemon/alarm.hpp"
#include "daemon/chores.hpp"
#include "daemon/log.hpp"
#include "daemon/web/bucket.hpp"
#include "daemon/web/suspicion.hpp"
#include "daemon/web/web_state.hpp"
#include "http/auth/accepted.hpp"
#include "http/gate.hpp"

namespace vitald {

// The loop's thread only.
class WebGate final : public http::Gate {
 public:
  // `fields` is told the security fields of replies, whenever they are others.
  WebGate(boost::asio::io_context& loop, Log& log, std::string path, std::function<void(const std::string&)> fields);
  // At start, waiting for files: false when it is no good, and then the log says why.
  bool load();

  std::unique_ptr<http::Layer> layer_for(int socket) override;
  bool authenticates() const override { return !state_->users.empty(); }
  Answer check(std::string_view authorization, const http::Peer& peer, std::function<void(Answer)> done) override;
  bool admits() override;

  bool last_reload_successful() const { return successful_; }
  double last_success_seconds() const { return last_success_seconds_; }  // Unix time

  // Files are looked at when somebody comes, and at most once in this time: nothing wakes while nobody does.
  static constexpr auto between_looks = std::chrono::seconds(1);

 private:
  using Done = std::function<void(Answer)>;
  using Clock = std::chrono::steady_clock;

  bool looked() const { return Clock::now() - looked_ < between_looks; }
  void look();
  void took(const std::shared_ptr<WebLoad>& load);
  void take(const WebLoad& load);
  void refuse(const std::string& why);
  void let_go();
  Answer decide(std::string_view authorization, const http::Peer& peer, const Done& done);
  bool still_good(std::string_view user, std::string_view hash) const;

  Log& log_;
  std::string path_;
  std::function<void(const std::string&)> fields_;
  Chores files_, passwords_;
  Alarm patience_;
  std::shared_ptr<const WebState> state_;
  std::vector<config::FileStamp> stamps_;
  std::size_t digest_ = 0;
  Clock::time_point looked_{};
  bool looking_ = false, late_ = false;
  std::vector<std::function<void()>> waiting_;  // requests that came while the files are looked at
  http::Accepted accepted_;
  Suspicion suspicion_;
  Bucket bucket_;
  std::string last_fault_;
  bool successful_ = false;
  double last_success_seconds_ = 0;
};

}  // namespace vitald
