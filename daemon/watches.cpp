#include "daemon/watches.hpp"

#include "daemon/quiet_thread.hpp"
#include "daemon/watch_wishes.hpp"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <utility>

namespace vitald {
namespace {

bool is_below(std::string_view path, std::string_view root) {
  if (root == "/") return true;
  return path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '/');
}

std::string boot_id() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

}  // namespace

// What the engine's thread has for the loop.
struct Watches::Mail {
  void post(std::function<void()> call) {
    const std::lock_guard lock(mutex);
    calls.push_back(std::move(call));
    if (wake) wake();
  }
  std::mutex mutex;
  std::vector<std::function<void()>> calls;
  std::function<void()> wake;  // empty: nobody is there any more
};

Watches::Watches(boost::asio::io_context& loop) : loop_(loop), boot_(boot_id()) {}

Watches::~Watches() {
  if (!mail_) return;
  const std::lock_guard lock(mail_->mutex);
  mail_->wake = nullptr;
}

const Watches::One* Watches::find(std::string_view name) const {
  const auto at = std::ranges::find_if(all_, [&](const One& one) { return one.watch->settings().name == name; });
  return at == all_.end() ? nullptr : &*at;
}

void Watches::start(watch::Settings settings, bool ephemeral) {
  if (!mail_) {  // it outlives an engine, whose last answers may be under way
    mail_ = std::make_shared<Mail>();
    waker_.emplace(loop_, [this] { tell(); });
    mail_->wake = [this] { waker_->wake(); };
  }
  if (!engine_) {
    const auto thread = [](const char* name, std::function<void()> work) {
      quiet_thread(name, std::move(work)).detach();
    };
    const auto news = [mail = mail_] {
      const std::lock_guard lock(mail->mutex);
      if (mail->wake) mail->wake();
    };
    engine_ = std::make_unique<watch::Engine>(
        watch::Engine::Outside{.thread = thread, .news = news, .probe = make_poll_probe});
  }
  auto ids = boot_ + "." + std::to_string(++made_) + "-" + settings.name + "-";
  all_.push_back({engine_->add(std::move(settings)), ephemeral, std::move(ids)});
}

// Who waits for an answer has it before: the engine answers them all when it ends a watch.
void Watches::end_if_idle() {
  if (!engine_ || !all_.empty()) return;
  engine_.reset();
}

void Watches::renew(const config::WatchesSettings& wanted) {
  roots_ = wanted.roots;
  max_entries_ = wanted.max_entries;
  poll_every_ = wanted.poll_every;
  std::vector<watch::Settings> next;
  for (const auto& each : wanted.all) next.push_back(engine_settings(each, {max_entries_, poll_every_}, true));
  std::erase_if(all_, [&](const One& one) {
    const auto& settings = one.watch->settings();
    const auto same = [&](const auto& each) { return each.name == settings.name; };
    const bool named = std::ranges::any_of(next, same);
    if (one.ephemeral ? !named : std::ranges::find(next, settings) != next.end()) return false;
    engine_->remove(one.watch);
    return true;
  });
  for (auto& settings : next)
    if (!find(settings.name)) start(std::move(settings), false);
  tell();
  end_if_idle();
}

std::vector<std::string> Watches::names() const {
  std::vector<std::string> all;
  for (const auto& one : all_) all.push_back(one.watch->settings().name);
  return all;
}

std::string Watches::ids(std::string_view name) const {
  const auto* const one = find(name);
  return one ? one->ids : std::string();
}

std::optional<Watches::Item> Watches::item(std::string_view name) const {
  const auto* const one = find(name);
  if (!one) return std::nullopt;
  return Item{one->watch->settings(), one->watch->report(), one->ephemeral};
}

watch::Page Watches::events(std::string_view name, std::uint64_t after, std::size_t most) const {
  const auto* const one = find(name);
  return one ? one->watch->after(after, most) : watch::Page{};
}

void Watches::listen(http::Listener& listener) { listeners_.push_back(&listener); }

void Watches::leave(http::Listener& listener) {
  if (telling_) return void(std::ranges::replace(listeners_, &listener, nullptr));
  std::erase(listeners_, &listener);
}

void Watches::tell() {
  std::vector<std::function<void()>> calls;
  if (mail_) {
    const std::lock_guard lock(mail_->mutex);
    calls.swap(mail_->calls);
  }
  for (const auto& call : calls) call();
  if (std::exchange(telling_, true)) return;
  for (std::size_t i = 0; i < listeners_.size(); ++i)  // who is told may leave, and end others
    if (listeners_[i]) listeners_[i]->news();
  telling_ = false;
  std::erase(listeners_, nullptr);
}

void Watches::sync(std::string_view name, std::function<void(std::uint64_t)> done) {
  engine_->sync(find(name)->watch, [mail = mail_, done = std::move(done)](std::uint64_t last) {
    mail->post([done, last] { done(last); });
  });
}

void Watches::tree(std::string_view name, std::size_t most, std::function<void(Tree)> done) {
  engine_->look(find(name)->watch,
                [mail = mail_, most, done = std::move(done)](const watch::Index* index, std::uint64_t at) {
                  auto made = std::make_shared<Tree>();
                  made->last = at;
                  made->whole = index && index->each(most, [&](std::string path, bool folder) {
                    made->entries.push_back({std::move(path), folder});
                  });
                  mail->post([done, made] { done(std::move(*made)); });
                });
}

// The path is below a root as it stands: no links are followed on the way.
std::string Watches::add(std::string_view text, std::string& name) {
  config::WatchSettings wanted;
  if (const auto fault = config::read_watch(text, wanted); !fault.empty()) return std::string(fault);
  name = wanted.name;
  if (find(name)) return "there is a watch of that name";
  const auto below = [&](const std::string& root) { return is_below(wanted.path, root); };
  if (std::ranges::none_of(roots_, below)) return "its path is not below one of watch.roots";
  if (std::ranges::count(all_, true, &One::ephemeral) >= static_cast<std::ptrdiff_t>(most_ephemeral))
    return "there are 32 watches of clients already";
  start(engine_settings(wanted, {max_entries_, poll_every_}, false), true);
  return {};
}

Watches::Removal Watches::remove(std::string_view name) {
  const auto* const one = find(name);
  if (!one) return Removal::none_such;
  if (!one->ephemeral) return Removal::configured;
  engine_->remove(one->watch);
  std::erase_if(all_, [&](const One& each) { return &each == one; });
  mail_->post([] {});  // its listeners are told, but not while this is answered
  end_if_idle();
  return Removal::done;
}

}  // namespace vitald
