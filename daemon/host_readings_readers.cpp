// Who reads: a thread, or the one that has the loop; and what becomes of those that hang.
#include "daemon/host_readings.hpp"

namespace vitald {
namespace {

constexpr std::size_t most_left_behind = 4;

bool hangs(const Lane& lane) {
  const auto since = lane.busy_since();
  return since && Lane::Clock::now() - *since > HostReadings::patience_of_others;
}

}  // namespace

std::unique_ptr<Reader> HostReadings::new_reader() {
  return std::make_unique<Reader>([this] { waker_.wake(); });
}

bool HostReadings::leave_behind(std::unique_ptr<Reader>& reader, std::vector<Lane::Job>& rest) {
  if (left_behind() >= most_left_behind) return false;
  for (auto& job : reader->lane().take_back()) rest.push_back(std::move(job));
  left_behind_.push_back(std::move(reader));
  reader = new_reader();
  return true;
}

bool HostReadings::leave_here_behind(std::vector<Lane::Job>& rest) {
  if (left_behind() >= most_left_behind) return false;
  for (auto& job : here_->take_back()) rest.push_back(std::move(job));
  return here_hangs_ = true;
}

void HostReadings::dispatch(std::unique_ptr<Reader>& reader, std::vector<Lane::Job> jobs) {
  if (!reader) reader = new_reader();
  if (!hangs(reader->lane()) || leave_behind(reader, jobs)) return reader->give(std::move(jobs));
  refuse(jobs);
}

void HostReadings::dispatch_here(std::vector<Lane::Job> jobs) {
  if (here_hangs_) return dispatch(fast_, std::move(jobs));
  if (!hangs(*here_)) return here_->give(std::move(jobs));
  if (leave_here_behind(jobs)) return dispatch(fast_, std::move(jobs));
  refuse(jobs);
}

void HostReadings::refuse(const std::vector<Lane::Job>& jobs) {
  for (const auto& job : jobs) fail(job.place, "too many collectors hang; not asked");
}

// Those that wait behind one that hangs go to somebody else.
void HostReadings::look_after(std::unique_ptr<Reader>& reader) {
  if (!reader || !hangs(reader->lane()) || !reader->lane().has_more()) return;
  std::vector<Lane::Job> rest;
  if (leave_behind(reader, rest))
    reader->give(std::move(rest));
  else
    refuse(reader->lane().take_back());
}

void HostReadings::look_after_here() {
  if (!here_ || here_hangs_ || !hangs(*here_) || !here_->has_more()) return;
  std::vector<Lane::Job> rest;
  if (leave_here_behind(rest))
    dispatch(fast_, std::move(rest));
  else
    refuse(here_->take_back());
}

}  // namespace vitald
