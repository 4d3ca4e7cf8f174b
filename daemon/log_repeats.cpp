#include "daemon/log_repeats.hpp"

#include <algorithm>
#include <functional>

namespace vitald {
namespace {

std::size_t hash_of(const LogRecord& record) {
  constexpr std::hash<std::string_view> hash;
  auto all = hash(record.message) * 31 + static_cast<std::size_t>(record.level);
  for (const auto& [key, value] : record.fields) all = (all * 31 + hash(key)) * 31 + hash(value);
  return all;
}

}  // namespace

LogRepeats::Say LogRepeats::seen(const LogRecord& record, Clock::time_point now) {
  const auto hash = hash_of(record);
  const auto same = [&](const Known& each) { return each.hash == hash && now - each.since < interval; };
  const auto at = std::ranges::find_if(known_, same);
  if (at == known_.end()) {
    if (known_.size() < most_known) known_.push_back({hash, now, 1});
    return Say::it;
  }
  if (++at->times < most) return Say::it;
  if (at->times == most) {
    at->held = {record.level, std::string(record.message), {record.fields.begin(), record.fields.end()}, 0};
    return Say::for_the_last_time;
  }
  return Say::nothing;
}

std::vector<LogRepeats::Held> LogRepeats::over(Clock::time_point now) {
  std::vector<Held> all;
  const auto is_over = [&](const Known& each) { return now - each.since >= interval; };
  for (auto& each : known_)
    if (is_over(each) && each.times > most) {
      each.held.times = each.times - most;
      all.push_back(std::move(each.held));
    }
  std::erase_if(known_, is_over);
  return all;
}

}  // namespace vitald
