// Which collectors run, and how others take their places.
#include "daemon/host_readings.hpp"

#include <algorithm>

namespace vitald {

// What set_ holds. Who ran before keeps what is known of it, so that nothing vanishes for a moment.
void HostReadings::know(const std::vector<Running>& before) {
  known_.clear();
  running_ = std::vector<Running>(http::Selection().size());
  for (const auto& member : set_->members) {
    const auto place = known_.size();
    auto& running = running_[place];
    known_.push_back({member.entry, member.on});
    running.collector = member.collector.get();
    const bool same = place < before.size() && before[place].collector && running.collector;
    if (same && before[place].latest.entry == member.entry) running.latest = before[place].latest;
    running.latest.entry = member.entry;
    if (member.on && !running.collector) {
      running.latest.state = State::unsupported;
      running.latest.why = "this build has no such collector";
    }
  }
  running_[http::self_place].collector = set_->self.get();
  for (std::size_t i = 0; i < running_.size(); ++i) readable_[i] = running_[i].collector != nullptr;
}

void HostReadings::replace(std::unique_ptr<CollectorSet> set) {
  take_outcomes();
  std::size_t at_work = 0;
  for (std::size_t i = 0; i < running_.size(); ++i) at_work += schedule_.in_flight(i) ? 1 : 0;
  at_work -= take_all_back();
  if (at_work > 0) retired_.push_back({std::move(set_), set_number_, at_work});
  ++set_number_;
  set_ = std::move(set);
  schedule_.forget_readings();
  absences_.forget();
  know(std::exchange(running_, {}));
  ++serial_;
  for (auto& [_, asker] : std::exchange(askers_, {})) enlist(asker.selection, asker.deadline, std::move(asker.ready));
  pump();
}

std::size_t HostReadings::take_all_back() {
  std::size_t jobs = here_ ? here_->take_back().size() : 0;
  for (auto* reader : {&fast_, &slow_})
    if (*reader) jobs += (*reader)->lane().take_back().size();
  return jobs;
}

void HostReadings::count_out(std::uint32_t set) {
  const auto at = std::ranges::find(retired_, set, &Retired::number);
  if (at != retired_.end() && --at->at_work == 0) retired_.erase(at);
}

}  // namespace vitald
