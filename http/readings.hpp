#pragma once
// What the server knows of the host: readings of the collectors, asked for and given. The daemon implements it.
#include "collectors/base/collector.hpp"
#include "http/reply.hpp"

#include <bitset>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vitald::http {

// Which collectors, by their place in Readings::known().
using Selection = std::bitset<128>;
constexpr std::size_t self_place = 127;  // the daemon's own process, read like a collector

// Why a collector failed, in words; empty: it did not. Shared by all who have it.
class Reason {
 public:
  Reason() = default;
  Reason(std::string text) : text_(text.empty() ? nullptr : std::make_shared<const std::string>(std::move(text))) {}
  Reason(const char* text) : Reason(std::string(text)) {}
  bool empty() const { return !text_; }
  std::string_view view() const { return text_ ? std::string_view(*text_) : std::string_view(); }
  operator std::string_view() const { return view(); }
  friend bool operator==(const Reason& a, std::string_view b) { return a.view() == b; }

 private:
  std::shared_ptr<const std::string> text_;
};

// One collector at one moment. Before its first reading it is `absent`, without a reason and a time.
struct Reading {
  const Entry* entry = nullptr;
  std::shared_ptr<const Page> page;  // none unless the state is ok, or the page is shown_despite_fault
  State state = State::absent;
  Reason why;                       // empty when the state is ok
  double duration_seconds = 0;      // of the last reading; of a late one, since it began; 0: not begun
  double sampled_at_seconds = 0;    // Unix time at which that reading began; 0: never read
  double last_success_seconds = 0;  // Unix time; 0: never
};

// All that one answer is made of. Shared by every request that it answers, never copied: what is made of it is kept.
struct View {
  View() = default;
  View(const View&) = delete;
  View& operator=(const View&) = delete;

  std::vector<Reading> readings;     // of the collectors that were asked for, in the catalog's order
  std::shared_ptr<const Page> self;  // the daemon's own process, if it was asked for
  struct Encoded {
    std::shared_ptr<const Body> plain, gzip;
  };
  mutable Encoded text, open_metrics;                // /metrics, made when first asked for
  mutable std::optional<bool> open_metrics_renames;  // series that others made; looked at when first asked for
};

// The loop's thread only.
class Readings {
 public:
  using Clock = std::chrono::steady_clock;
  using Ready = std::function<void(std::shared_ptr<const View>)>;

  struct Known {
    const Entry* entry;
    bool on;  // switched on by default or by flag; perhaps not in this build
  };

  virtual ~Readings() = default;
  // Every collector of the catalog, running or not.
  virtual std::span<const Known> known() const = 0;
  // What a request of now may be answered with, if that is known already; else nothing, and it is asked for.
  virtual std::shared_ptr<const View> fresh(const Selection& /*selection*/) { return nullptr; }
  // Calls `ready` on the loop when each selected collector has a reading that is fresh for a request of now, or has
  // failed or missed `patience`. Never calls it before it returns.
  virtual void ask(const Selection& selection, Clock::duration patience, Ready ready) = 0;
  // What is known already, of every running collector; reads nothing.
  virtual std::shared_ptr<const View> latest() const = 0;
};

}  // namespace vitald::http
