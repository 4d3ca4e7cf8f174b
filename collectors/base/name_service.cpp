#include "collectors/base/name_service.hpp"

#include <cerrno>
#include <utility>

namespace vitald {

std::string NameService::of(std::uint64_t user, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  const auto before = known_.find(user);
  if (before != known_.end() && (now < before->second.until || now < rests_until_)) return before->second.name;
  if (now < rests_until_) return {};
  const auto number = std::to_string(user);
  std::string name;
  Probe::Question question{number, 0, {}, Probe::Wants::user, &name};
  probe_.ask({&question, 1}, patience);
  if (question.error == ETIMEDOUT) {
    rests_until_ = now + rest;
    return before != known_.end() ? before->second.name : std::string();
  }
  if (question.error != 0) name.clear();
  if (known_.size() >= most_known) known_.clear();
  known_[user] = {name, now + good_for};
  return name;
}

}  // namespace vitald
