#include "daemon/web/web_gate.hpp"

#include "daemon/unix_time.hpp"
#include "http/auth/basic.hpp"
#include "http/auth/bcrypt.hpp"

namespace vitald {
namespace {

constexpr auto patience = std::chrono::milliseconds(250);  // with files that do not come
constexpr std::size_t most_passwords = 64;

struct Attempt {
  std::string user, hash, password;
  bool known, good = false;
};

std::string in_one_line(const std::vector<std::string>& faults) {
  std::string all;
  for (const auto& fault : faults) all.append(all.empty() ? "" : "; ").append(fault);
  return all;
}

// Off the loop. Without a digest: nothing has changed.
std::shared_ptr<WebLoad> loaded_anew(const std::string& path, const std::vector<config::FileStamp>& stamps) {
  return config::may_have_changed(stamps) ? std::make_shared<WebLoad>(load_web(path)) : nullptr;
}

}  // namespace

WebGate::WebGate(boost::asio::io_context& loop, Log& log, std::string path,
                 std::function<void(const std::string&)> fields)
    : log_(log),
      path_(std::move(path)),
      fields_(std::move(fields)),
      files_(loop, "vitald-web", 1),
      passwords_(loop, "vitald-bcrypt", most_passwords),
      patience_(loop, [this] {
        late_ = true;
        let_go();
      }) {}

bool WebGate::load() {
  const auto load = load_web(path_);
  for (const auto& fault : load.faults) log_.error("the web configuration is no good", {{"reason", fault}});
  if (!load.state) return false;
  take(load);
  if (!state_->tls && state_->users.empty())
    log_.warn("the web configuration asks for neither TLS nor passwords", {{"file", path_}});
  return true;
}

std::unique_ptr<http::Layer> WebGate::layer_for(int socket) {
  look();
  return state_->tls ? state_->tls->layer_for(socket) : nullptr;
}

bool WebGate::admits() { return bucket_.take(Clock::now()); }

// ---- the files

void WebGate::look() {
  if (looking_ || looked()) return;
  auto found = std::make_shared<std::shared_ptr<WebLoad>>();
  looking_ = files_.give({[found, path = path_, stamps = stamps_] { *found = loaded_anew(path, stamps); },
                          [this, found] { took(*found); },
                          {}});
}

void WebGate::took(const std::shared_ptr<WebLoad>& load) {
  looking_ = late_ = false;
  looked_ = Clock::now();
  patience_.set(Clock::time_point::max());
  if (load) {
    const bool same = load->digest == digest_;
    stamps_ = load->stamps;
    if (!load->state)
      refuse(in_one_line(load->faults));
    else if (state_->tls && !load->state->tls)
      refuse(path_ + ": TLS would be off: that needs a restart");
    else if (authenticates() && load->state->users.empty())
      refuse(path_ + ": passwords would be off: that needs a restart");
    else if (!same || !successful_)
      take(*load);
  }
  let_go();
}

void WebGate::take(const WebLoad& load) {
  const bool again = state_ != nullptr;
  state_ = load.state;
  stamps_ = load.stamps;
  digest_ = load.digest;
  bucket_ = Bucket(state_->rate.interval, state_->rate.burst, Clock::now());
  accepted_.clear();
  fields_(state_->security_fields);
  successful_ = true;
  last_success_seconds_ = unix_seconds();
  last_fault_.clear();
  looked_ = Clock::now();
  for (const auto& remark : load.remarks) log_.warn("in the web configuration", {{"remark", remark}});
  if (again) log_.info("the web configuration was read anew", {{"file", path_}});
}

// Told once, however often it is found so.
void WebGate::refuse(const std::string& why) {
  successful_ = false;
  if (std::exchange(last_fault_, why) != why)
    log_.error("the web configuration is no good: the last good one stays", {{"reason", why}});
}

// ---- passwords

http::Gate::Answer WebGate::check(std::string_view authorization, const http::Peer& peer, Done done) {
  if (looked() || late_) return decide(authorization, peer, done);
  look();
  waiting_.push_back([this, text = std::string(authorization), peer, done = std::move(done)] {
    if (const auto said = decide(text, peer, done); said != Answer::later) done(said);
  });
  if (waiting_.size() == 1) patience_.set(Clock::now() + patience);
  return Answer::later;
}

void WebGate::let_go() {
  for (const auto& one : std::exchange(waiting_, {})) one();
}

// An unknown user takes as long as a known one, and no password that was right before is tried anew.
http::Gate::Answer WebGate::decide(std::string_view authorization, const http::Peer& peer, const Done& done) {
  http::Basic basic;
  if (!basic.read(authorization)) return Answer::no;
  const auto [hash, known] = state_->users.find(basic.user());
  if (known && accepted_.knows(basic.user(), hash, basic.password())) return Answer::yes;
  const auto attempt = std::make_shared<Attempt>(
      Attempt{std::string(basic.user()), std::string(hash), std::string(basic.password()), known});
  const auto work = [attempt] { attempt->good = http::is_password_of(attempt->password, attempt->hash); };
  const auto then = [this, attempt, address = peer.address, done] {
    const bool good = attempt->good && attempt->known && still_good(attempt->user, attempt->hash);
    if (good)
      accepted_.remember(attempt->user, attempt->hash, attempt->password);
    else
      suspicion_.add(address, Clock::now());
    done(good ? Answer::yes : Answer::no);
  };
  const auto rank = peer.wrong_passwords * (Suspicion::most + 1) + suspicion_.of(peer.address, Clock::now());
  const bool taken = passwords_.give({work, then, [done] { done(Answer::busy); }, rank});
  return taken ? Answer::later : Answer::busy;
}

// The file may have changed while the password was tried.
bool WebGate::still_good(std::string_view user, std::string_view hash) const {
  const auto found = state_->users.find(user);
  return found.known && found.hash == hash;
}

}  // namespace vitald
