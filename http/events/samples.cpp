#include "http/events/samples.hpp"

#include "http/api/reading_json.hpp"

#include <algorithm>

namespace vitald::http {
namespace {

// All beats of an interval fall together, so that they share readings. One that is almost due is left out.
Samples::Clock::time_point next_beat(Samples::Clock::time_point now, Samples::ms interval) {
  const auto next = now - now.time_since_epoch() % interval + interval;
  return next - now < interval / 2 ? next + interval : next;
}

std::string epoch() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  Out out;
  out.number(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
  return std::string(out.view());
}

}  // namespace

// Those who want the same at the same pace.
struct Samples::Group {
  Selection topics;
  ms interval;
  Clock::time_point due;
  bool asking = false, telling = false;
  std::uint64_t sequence = 0;
  std::shared_ptr<const std::string> latest;
  std::vector<const One*> listeners;  // null: left while all were told
};

class Samples::One final : public Subscription {
 public:
  One(Samples& samples, std::shared_ptr<Group> group, Listener& its_listener)
      : listener(its_listener), samples_(samples), group_(std::move(group)) {
    seen_ = group_->latest ? group_->sequence - 1 : group_->sequence;
    group_->listeners.push_back(this);
  }
  ~One() override { samples_.leave(*group_, *this); }

  Message next() override {
    if (seen_ == group_->sequence) return {};
    const auto skipped = group_->sequence - seen_ - 1;
    samples_.skipped_ += skipped;
    seen_ = group_->sequence;
    Out out;
    out << "id: " << samples_.epoch_ << '-';
    out.number(seen_);
    out << "\nevent: sample\ndata: {\"skipped\":";
    out.number(skipped);
    return {std::string(out.view()), group_->latest};
  }

  Listener& listener;

 private:
  Samples& samples_;
  std::shared_ptr<Group> group_;
  std::uint64_t seen_ = 0;
};

Samples::Samples(const Context& context, std::function<void(Clock::time_point)> wake_at)
    : context_(context), wake_at_(std::move(wake_at)), epoch_(epoch()) {}
Samples::~Samples() = default;

std::unique_ptr<Subscription> Samples::listen(const Selection& topics, ms interval, Listener& listener,
                                              Clock::time_point now) {
  return std::make_unique<One>(*this, group_for(topics, interval, now), listener);
}

std::shared_ptr<Samples::Group> Samples::group_for(const Selection& topics, ms interval, Clock::time_point now) {
  const auto same = [&](const auto& group) { return group->topics == topics && group->interval == interval; };
  if (const auto at = std::ranges::find_if(groups_, same); at != groups_.end()) return *at;
  auto made = std::make_shared<Group>();
  made->topics = topics;
  made->interval = interval;
  made->due = next_beat(now, interval);
  groups_.push_back(made);
  ask(made);  // who comes first does not wait for the beat
  arm();
  return made;
}

void Samples::beat(Clock::time_point now) {
  for (const auto& group : groups_)
    if (group->due <= now) {
      group->due = next_beat(now, group->interval);
      if (!group->asking) ask(group);  // else this beat is lost
    }
  arm();
}

void Samples::ask(const std::shared_ptr<Group>& group) {
  auto wanted = group->topics;
  const auto known = context_.readings->known();
  for (std::size_t i = 0; i < known.size(); ++i)
    if (!known[i].on) wanted.reset(i);  // a reload may have switched it off
  group->asking = true;
  context_.readings->ask(wanted, patience_,
                         [this, weak = std::weak_ptr(group)](const std::shared_ptr<const View>& view) {
                           if (const auto left = weak.lock()) publish(*left, *view);
                         });
}

void Samples::publish(Group& group, const View& view) {
  out_.clear();
  for (const auto& reading : view.readings) {
    out_ << ",\"" << reading.entry->name << "\":";
    write_reading(out_, reading, context_);
  }
  out_ << "}\n\n";
  group.latest = std::make_shared<const std::string>(out_.view());
  group.asking = false;
  ++group.sequence;
  group.telling = true;
  for (std::size_t i = 0; i < group.listeners.size(); ++i)  // who is told may leave, and end others
    if (group.listeners[i]) group.listeners[i]->listener.news();
  group.telling = false;
  std::erase(group.listeners, nullptr);
  if (group.listeners.empty()) let_go(group);
}

void Samples::leave(Group& group, const One& one) {
  auto& all = group.listeners;
  if (group.telling) return std::ranges::replace(all, &one, nullptr), void();
  std::erase(all, &one);
  if (all.empty()) let_go(group);
}

void Samples::let_go(const Group& group) {
  std::erase_if(groups_, [&](const auto& each) { return each.get() == &group; });
  arm();
}

void Samples::arm() {
  auto next = Clock::time_point::max();
  for (const auto& group : groups_) next = std::min(next, group->due);
  wake_at_(next);
}

}  // namespace vitald::http
