// The probe's deciding: who works on what, and whom to leave behind.
#include "daemon/probe.hpp"

#include "collectors/base/path.hpp"

#include <limits.h>
#include <sys/wait.h>

#include <algorithm>
#include <optional>

namespace vitald {
namespace {

constexpr auto let_alone = std::chrono::seconds(30), time_to_die = std::chrono::seconds(1);

probe_wire::Verb verb_of(Probe::Wants wants) {
  using probe_wire::Verb;
  switch (wants) {
    case Probe::Wants::size: return Verb::size;
    case Probe::Wants::files: return Verb::files;
    case Probe::Wants::facts: return Verb::facts;
    case Probe::Wants::names: return Verb::names;
    case Probe::Wants::user: return Verb::user;
    case Probe::Wants::text: break;
  }
  return Verb::text;
}

// Of a user's files, one that hangs stands for its folder.
bool would_hang(const Probe::Question& question, std::string_view hanging) {
  if (question.wants == Probe::Wants::files || question.wants == Probe::Wants::text)
    hanging = hanging.substr(0, hanging.rfind('/'));
  return at_or_below(question.path, hanging);
}

int fault_of(std::string_view path) {
  if (path.empty()) return ENOENT;
  if (path.find('\0') != path.npos) return EINVAL;
  return path.size() < PATH_MAX ? 0 : ENAMETOOLONG;
}

}  // namespace

void ProbeChildren::ask(std::span<Question> questions, std::chrono::milliseconds patience) {
  begin(questions, patience);
  for (;;) {
    hand_out();
    const auto now = Clock::now();
    if (!anything_to_come() || given_up(now)) break;
    if (front_is_held_up(now))
      pass_on();
    else
      wait(next_look(now));
  }
  finish();
}

void ProbeChildren::begin(std::span<Question> questions, std::chrono::milliseconds patience) {
  ++round_;  // what is heard from now on to earlier questions is late
  reap();
  hear_all();
  for (auto& child : children_)
    if (Clock::now() - child->killed_at > time_to_die) child->killed = false;  // it cannot be killed
  questions_ = questions;
  deadline_ = Clock::now() + patience;
  patient_for_ = std::min(hold_up_, patience);
  deaths_.assign(questions.size(), 0);
  waiting_.clear();
  for (std::uint32_t i = 0; i < questions.size(); ++i) {
    auto& question = questions[i];
    question.error = fault_of(question.path);
    if (question.error != 0) continue;
    const bool hopeless = held_up(question) || suspect(question);
    question.error = hopeless ? ETIMEDOUT : unanswered;
    if (!hopeless) waiting_.push_back(i);
  }
}

// A path below one that somebody hangs at would hang as well.
bool ProbeChildren::held_up(const Question& question) const {
  return std::ranges::any_of(children_, [&](const auto& child) {
    return child->link.busy() && child.get() != front_ && would_hang(question, child->link.current());
  });
}

// While there is nobody left to be left behind.
bool ProbeChildren::suspect(const Question& question) const {
  if (suspects_.empty() || busy() < most_left_behind) return false;
  const auto now = Clock::now();
  return std::ranges::any_of(
      suspects_, [&](const auto& known) { return now < known.second && would_hang(question, known.first); });
}

std::size_t ProbeChildren::busy() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(children_, [](const auto& child) { return child->link.busy(); }));
}

// ---- who works on what

void ProbeChildren::hand_out() {
  if (front_) return;
  std::erase_if(waiting_, [&](auto i) { return questions_[i].error != unanswered; });
  if (std::ranges::all_of(waiting_, [&](auto i) { return held_up(questions_[i]); })) return;
  auto* child = free_child();
  if (!child) return;
  child->asked.clear();
  later_.clear();
  std::optional<Wants> wants;  // one list asks for one kind of thing
  for (const auto i : waiting_) {
    const auto& question = questions_[i];
    const bool sent =
        !held_up(question) && wants.value_or(question.wants) == question.wants && child->link.add(question.path);
    if (sent) wants = question.wants;
    (sent ? child->asked : later_).push_back(i);
  }
  waiting_.swap(later_);
  child->link.send(verb_of(*wants));
  child->round = round_;
  child->at = 0;
  child->since = Clock::now();
  child->stopped = false;
  front_ = child;
}

ProbeChildren::Child* ProbeChildren::free_child() {
  for (auto& child : children_)
    if (!child->link.busy()) return child.get();
  if (children_.size() > most_left_behind) return nullptr;
  auto started = ProbeLink::start(program_);
  if (started) return children_.emplace_back(std::make_unique<Child>(Child{std::move(*started)})).get();
  for (const auto i : waiting_) questions_[i].error = started.error().code.value();
  waiting_.clear();
  return nullptr;
}

// Somebody else takes over the rest, while the one in front may still answer.
void ProbeChildren::pass_on() {
  auto& child = *front_;
  front_ = nullptr;
  take_back(child);
  if (busy() > most_left_behind && !waiting_.empty()) put_aside(child);
}

void ProbeChildren::take_back(Child& child) {
  if (child.stopped || child.at + 1 >= child.asked.size()) return;
  child.stopped = true;
  child.link.stop();
  const auto rest = child.asked.begin() + static_cast<std::ptrdiff_t>(child.at) + 1;
  waiting_.insert(waiting_.begin(), rest, child.asked.end());
}

// Its place is needed; should the kernel not let it die, it counts as left behind.
void ProbeChildren::put_aside(Child& child) {
  const std::string path(child.link.current());
  for (auto& question : questions_)
    if (question.error == unanswered && would_hang(question, path)) question.error = ETIMEDOUT;
  child.killed_at = Clock::now();
  suspects_[path] = child.killed_at + let_alone;
  child.killed = true;
  child.link.kill();
}

// ---- the end of a call

void ProbeChildren::finish() {
  for (auto& question : questions_)
    if (question.error == unanswered) question.error = ETIMEDOUT;
  for (auto& child : children_)
    if (child->link.busy() && child->round == round_) take_back(*child);
  make_place();
  if (busy() < most_left_behind) suspects_.clear();
  front_ = nullptr;
  questions_ = {};
  const auto left =
      std::ranges::count_if(children_, [](const auto& child) { return child->link.busy() && !child->killed; });
  abandoned_.store(static_cast<int>(left), std::memory_order_relaxed);
  let_spare_ones_go();
  reap();
}

// When one too many hangs: the one that came last, should it be of this call.
void ProbeChildren::make_place() {
  if (busy() <= most_left_behind) return;
  const auto since = [](const auto& child) { return child->link.busy() ? child->since : Clock::time_point::min(); };
  auto& last = **std::ranges::max_element(children_, {}, since);
  if (last.round == round_) put_aside(last);
}

void ProbeChildren::let_spare_ones_go() {
  bool kept = false;
  std::erase_if(children_, [&](const auto& child) {
    if (child->link.busy() || !std::exchange(kept, true)) return false;
    ended_.push_back(child->link.process());
    return true;
  });
}

void ProbeChildren::reap() {
  std::erase_if(ended_, [](pid_t process) { return ::waitpid(process, nullptr, WNOHANG) != 0; });
}

}  // namespace vitald
