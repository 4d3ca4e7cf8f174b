#pragma once
// Users' names that /etc/passwd does not have (LDAP, systemd's dynamic users), from the name services that
// nsswitch.conf(5) lists. A probe asks them: they may hang.
#include "collectors/base/probe.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace vitald {

// Any thread.
class NameService {
 public:
  using Clock = std::chrono::steady_clock;
  // A name is asked for again after `good_for`. When no answer came in `patience`, nobody is asked for `rest`.
  static constexpr auto patience = std::chrono::milliseconds(250);
  static constexpr auto good_for = std::chrono::minutes(5), rest = std::chrono::minutes(1);
  static constexpr std::size_t most_known = 65'536;

  explicit NameService(Probe& probe) : probe_(probe) {}  // which nobody else asks
  // Empty: there is none, or it is not to be had now.
  std::string of(std::uint64_t user) { return of(user, Clock::now()); }
  std::string of(std::uint64_t user, Clock::time_point now);

 private:
  struct Known {
    std::string name;
    Clock::time_point until;
  };
  std::mutex mutex_;
  Probe& probe_;
  std::map<std::uint64_t, Known> known_;
  Clock::time_point rests_until_ = Clock::time_point::min();
};

}  // namespace vitald
