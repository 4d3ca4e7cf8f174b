#pragma once
// The watches of the configuration and those that clients have made, between HTTP and the engine. Without any there is
// no engine, no thread and nothing that wakes.
#include "collectors/watch/engine.hpp"
#include "config/watch_options.hpp"
#include "daemon/waker.hpp"
#include "http/watches.hpp"

#include <optional>

namespace vitald {

// The loop only.
class Watches final : public http::Watches {
 public:
  explicit Watches(boost::asio::io_context& loop);
  ~Watches() override;
  // What a configuration wants now: what is as before goes on, with all that it has told.
  void renew(const config::WatchesSettings& wanted);
  bool any() const { return !all_.empty(); }

  bool has(std::string_view name) const override { return find(name); }
  std::string ids(std::string_view name) const override;
  std::vector<std::string> names() const override;
  watch::Common common() const override { return engine_ ? engine_->common() : watch::Common{}; }
  std::optional<Item> item(std::string_view name) const override;
  watch::Page events(std::string_view name, std::uint64_t after, std::size_t most) const override;
  void listen(http::Listener& listener) override;
  void leave(http::Listener& listener) override;
  void sync(std::string_view name, std::function<void(std::uint64_t)> done) override;
  void tree(std::string_view name, std::size_t most, std::function<void(Tree)> done) override;
  std::string add(std::string_view text, std::string& name) override;
  Removal remove(std::string_view name) override;

  static constexpr std::size_t most_ephemeral = 32;

 private:
  struct One {
    std::shared_ptr<watch::Watch> watch;
    bool ephemeral;
    std::string ids;
  };
  struct Mail;
  const One* find(std::string_view name) const;
  void start(watch::Settings settings, bool ephemeral);
  void end_if_idle();
  void tell();

  boost::asio::io_context& loop_;
  const std::string boot_;
  unsigned made_ = 0;
  std::vector<std::string> roots_;
  std::size_t max_entries_ = 0;
  std::chrono::nanoseconds poll_every_{};
  std::vector<One> all_;
  std::vector<http::Listener*> listeners_;  // null: left while all were told
  bool telling_ = false;
  std::shared_ptr<Mail> mail_;
  std::optional<Waker> waker_;
  std::unique_ptr<watch::Engine> engine_;
};

}  // namespace vitald
