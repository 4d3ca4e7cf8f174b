#include "collectors/process/groups.hpp"

#include "collectors/process/matcher.hpp"

#include <algorithm>

namespace vitald::process {
namespace {

constexpr double ticks_per_second = 100;  // USER_HZ, on every architecture that Linux still has
constexpr double year_one = -62135596800;

template <class Row>
void write_usage(const Usage& total, bool io_known, Row& out) {
  out.cpu_user = static_cast<double>(total.user_ticks) / ticks_per_second;
  out.cpu_system = static_cast<double>(total.system_ticks) / ticks_per_second;
  out.major_faults = total.major_faults;
  out.minor_faults = total.minor_faults;
  out.voluntary = total.voluntary;
  out.involuntary = total.involuntary;
  if (!io_known) return;
  out.read_bytes = total.read_bytes;
  out.write_bytes = total.write_bytes;
}

}  // namespace

void Group::begin_pass() {
  processes = thread_count = resident = virtual_size = swapped = open_files = proportional = proportional_swapped = 0;
  worst_ratio = 0;
  oldest_ticks = UINT64_MAX;
  std::ranges::fill(by_state, 0);
  std::erase_if(waits, [](const auto& each) { return each.second == 0; });
  for (auto& [_, count] : waits) count = 0;
  for (auto& [_, each] : threads) each.count = 0;
}

void Group::add_state(char letter) {
  constexpr std::string_view letters = "RSDZ";
  ++by_state[std::min(letters.find(letter), std::size_t{other})];
}

Group::Threads& Group::threads_of(std::string_view thread) {
  const auto found = threads.find(thread);
  if (found != threads.end()) return found->second;
  return threads[threads.size() < most_thread_names ? valid_utf8(thread) : "other"];
}

void Groups::configure(const std::string& name) { all_[find_or_add(name)].configured = true; }

std::uint32_t Groups::find_or_add(const std::string& name) {
  if (const auto found = places_.find(name); found != places_.end()) return found->second;
  if (places_.size() < wishes_.most) return add(name);
  ++over_limit_;
  if (rest_ == UINT32_MAX) rest_ = add("other");
  return rest_;
}

std::uint32_t Groups::add(const std::string& name) {
  if (const auto found = places_.find(name); found != places_.end()) return found->second;
  const auto free = std::ranges::find(all_, false, &Group::there);
  const auto place = static_cast<std::uint32_t>(free - all_.begin());
  auto& group = free == all_.end() ? all_.emplace_back() : *free;
  group = Group();
  group.name = name;
  group.there = true;
  places_.emplace(name, place);
  return place;
}

void Groups::begin_pass() {
  for (auto& group : all_) group.begin_pass();
}

void Groups::end_pass() {
  for (std::uint32_t place = 0; place < all_.size(); ++place) {
    auto& group = all_[place];
    group.met = group.met || group.processes > 0;
    if (!wishes_.remove_empty || group.processes > 0 || !group.there) continue;
    if (group.configured) {  // which stays, and begins anew
      const auto name = group.name;
      group = Group();
      group.name = name;
      group.there = group.configured = true;
      continue;
    }
    places_.erase(group.name);
    if (place == rest_) rest_ = UINT32_MAX;
    group = Group();
  }
}

bool Groups::is_shown(const Group& group) const {
  return group.there && (group.met || (group.configured && !wishes_.compat));
}

void Groups::write(const Group& group, double boot_seconds, GroupRow& out) const {
  out.group = group.name;
  out.processes = group.processes;
  out.threads = group.thread_count;
  write_usage(group.total, group.io_known || wishes_.compat, out);
  out.resident = group.resident;
  out.virtual_size = group.virtual_size;
  out.swapped = group.swapped;
  if (wishes_.smaps) {
    out.proportional = group.proportional;
    out.proportional_swapped = group.proportional_swapped;
  }
  out.open_files = group.open_files;
  out.worst_ratio = group.worst_ratio;
  if (group.oldest_ticks != UINT64_MAX)
    out.oldest_start = boot_seconds + static_cast<double>(group.oldest_ticks) / ticks_per_second;
  else if (wishes_.compat)
    out.oldest_start = year_one;
  out.running = group.by_state[Group::running];
  out.sleeping = group.by_state[Group::sleeping];
  out.waiting = group.by_state[Group::waiting];
  out.zombie = group.by_state[Group::zombie];
  out.other = group.by_state[Group::other];
}

void Groups::write(Page& page, double boot_seconds) const {
  auto& rows = page.sheet(groups_table);
  auto& threads = page.sheet(group_threads_table);
  auto& waits = page.sheet(group_waits_table);
  for (const auto& [name, place] : places_) {  // in the order of their names
    const auto& group = all_[place];
    if (!is_shown(group)) continue;
    write(group, boot_seconds, rows.next());
    for (const auto& [thread, told] : group.threads) {
      if (told.count == 0) continue;
      auto& row = threads.next();
      row.group = name;
      row.thread = thread;
      row.count = told.count;
      write_usage(told.total, told.io_known || wishes_.compat, row);
    }
    for (const auto& [wait, count] : group.waits) {
      if (count == 0) continue;
      auto& row = waits.next();
      row.group = name;
      row.place = wait;
      row.threads = count;
    }
  }
}

void Groups::write_limit(LimitRow& out) const {
  for (const auto& [_, place] : places_) out.groups += is_shown(all_[place]) ? 1 : 0;
  out.over_limit = over_limit_;
}

}  // namespace vitald::process
