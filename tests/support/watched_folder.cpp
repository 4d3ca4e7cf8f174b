#include "tests/support/watched_folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <future>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>

namespace vitald::test {
namespace {

using watch::Event;
using watch::Type;

void walk_disk(int fd, const std::string& path, Picture& out) {
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(::fdopendir(fd), ::closedir);
  if (!dir) return;
  while (const auto* entry = ::readdir(dir.get())) {
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    const auto whole = path.empty() ? name : path + "/" + name;
    out[whole] = entry->d_type == DT_DIR;
    if (entry->d_type == DT_DIR)
      walk_disk(::openat(fd, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), whole, out);
  }
}

bool below(const std::string& path, const std::string& top) {
  return path == top || (path.starts_with(top) && path[top.size()] == '/');
}

Picture taken(Picture& picture, const std::string& top) {
  Picture part;
  for (auto at = picture.lower_bound(top); at != picture.end();) {
    const bool in = below(at->first, top);
    if (!in && !at->first.starts_with(top)) break;
    if (in)
      part.insert(picture.extract(at++));
    else
      ++at;
  }
  return part;
}

void put(const Picture& part, const std::string& from, const std::string& to, Picture& out) {
  for (const auto& [path, folder] : part) out[to + path.substr(from.size())] = folder;
}

}  // namespace

Picture on_disk(const std::string& root) {
  Picture picture;
  walk_disk(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), "", picture);
  return picture;
}

std::string difference(const Picture& has, const Picture& should) {
  std::string text;
  int left = 10;
  for (const auto& [path, folder] : has)
    if (!should.contains(path) && left-- > 0) text += " +" + path;
  left = 10;
  for (const auto& [path, folder] : should)
    if (!has.contains(path) && left-- > 0) text += " -" + path;
  return text;
}

void replay(const Event& event, Picture& picture) {
  switch (event.type) {
    case Type::created: taken(picture, event.path), picture[event.path] = event.folder; return;
    case Type::deleted: taken(picture, event.path); return;
    case Type::root_gone: picture.clear(); return;
    case Type::moved: {
      const auto part = taken(picture, event.path);
      taken(picture, event.target);
      return put(part, event.path, event.target, picture);
    }
    case Type::exchanged: {
      const auto one = taken(picture, event.path), other = taken(picture, event.target);
      put(one, event.path, event.target, picture);
      return put(other, event.target, event.path, picture);
    }
    default: return;
  }
}

WatchedFolder::WatchedFolder(const std::string& parent) {
  auto made = parent.empty() ? (::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp") : parent;
  made += "/vitald.watch.XXXXXX";
  if (!::mkdtemp(made.data())) throw std::runtime_error("no folder for the test");
  top_ = made;
  path_ = top_ + "/watched";
  ::mkdir(path_.c_str(), 0755);
  ::mkdir(outside().c_str(), 0755);
}

WatchedFolder::~WatchedFolder() {
  const auto command = "chmod -R u+rwx '" + top_ + "' 2>/dev/null; rm -rf '" + top_ + "'";
  [[maybe_unused]] const auto status = ::system(command.c_str());
}

void WatchedFolder::sh(const std::string& commands) const {
  const auto all = "set -e; cd '" + path_ + "'; " + commands;
  if (::system(all.c_str()) != 0) throw std::runtime_error("failed: " + commands);
}

watch::Settings settings_for(const WatchedFolder& folder) {
  watch::Settings settings;
  settings.name = "test";
  settings.path = folder.path();
  return settings;
}

std::string words(const std::vector<Event>& events) {
  std::string all;
  for (const auto& event : events) {
    if (!all.empty()) all += ", ";
    all.append(name_of(event.type)).append(event.path.empty() ? "" : " ").append(event.path);
    if (!event.target.empty()) all.append("->").append(event.target);
    if (!event.why.empty()) all.append(" (").append(event.why).append(")");
  }
  return all;
}

Picture known(const watch::Index& index) {
  Picture picture;
  std::vector<watch::Place> folders{watch::Index::root};
  while (!folders.empty()) {
    const auto folder = folders.back();
    folders.pop_back();
    for (auto at = index.first(folder); at != watch::nowhere; at = index.next(at)) {
      picture[index.path(at)] = index.is_folder(at);
      if (index.is_folder(at)) folders.push_back(at);
    }
  }
  return picture;
}

// ---- by hand
void ByHand::keep() {
  for (auto& event : tree.take_events()) {
    replay(event, picture);
    all.push_back(std::move(event));
  }
  if (!std::exchange(started_, true)) picture = known(tree);
}

void ByHand::read() {
  if (std::exchange(from_, tree.instance()) != tree.instance()) read_.clear();
  if (!from_) return;
  std::vector<char> buffer(std::size_t{64} << 10);
  watch::Block block;
  from_->read(buffer, block);
  const auto bytes = std::exchange(block.bytes, {});
  for (std::size_t at = 0, size = 0; at < bytes.size(); at += size) {
    inotify_event head{};
    std::memcpy(&head, bytes.data() + at, sizeof head);
    size = sizeof head + head.len;
    read_.push_back(block);
    read_.back().bytes = bytes.substr(at, size);
  }
}

void ByHand::feed(std::size_t events) {
  if (read_.size() < events) read();
  for (; events > 0 && !read_.empty(); --events) {
    tree.take(std::move(read_.front()));
    read_.pop_front();
  }
}

void ByHand::step() {
  tree.step();
  if (from_ != tree.instance()) read_.clear();
  keep();
}

void ByHand::mark(std::uint64_t number) {
  watch::Block block;
  block.after = block.at = watch::Clock::now();
  block.mark = number;
  tree.take(std::move(block));
}

void ByHand::pump() {
  ++marks_;
  for (bool marked = false, done = false, fence = false; !done || fence;) {
    read();
    feed(read_.size());
    if (fence) mark(watch::Tree::fence);
    if (tree.instance() && !std::exchange(marked, true)) mark(marks_);
    step();
    const auto reached = tree.take_marks();
    done |= std::ranges::find(reached, marks_) != reached.end();
    fence = tree.wants_fence();
  }
}

std::vector<Event> ByHand::events() {
  pump();
  std::vector<Event> fresh(all.begin() + static_cast<std::ptrdiff_t>(shown_), all.end());
  shown_ = all.size();
  return fresh;
}

std::string ByHand::told() { return words(events()); }

// ---- running
struct WatchEngine::Threads {
  std::vector<std::thread> all;
  std::mutex mutex;
  std::condition_variable changed;
  bool blocked = false;
};

WatchEngine::WatchEngine(watch::Settings settings, watch::Bounds bounds, std::size_t room)
    : threads(std::make_shared<Threads>()) {
  const auto start = [this](const char*, std::function<void()> work) { threads->all.emplace_back(std::move(work)); };
  engine = std::make_unique<watch::Engine>(watch::Engine::Outside{start, [] {}, room});
  watch = engine->add(std::move(settings), bounds);
  wait_until_ready();
  sync();
  std::promise<void> looked;
  engine->look(watch, [&](const watch::Index* index, std::uint64_t last) {
    picture_ = known(*index);
    seen_ = last;
    looked.set_value();
  });
  looked.get_future().get();
}

WatchEngine::~WatchEngine() {
  block_worker(false);
  engine.reset();
  for (auto& thread : threads->all) thread.join();
}

std::uint64_t WatchEngine::sync() const {
  std::promise<std::uint64_t> done;
  engine->sync(watch, [&](std::uint64_t last) { done.set_value(last); });
  return done.get_future().get();
}

void WatchEngine::wait_until_ready() const {
  for (auto state = watch->report().standing; state.reason.empty() && !state.ready; state = watch->report().standing)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

void WatchEngine::block_worker(bool on) {
  {
    const std::lock_guard lock(threads->mutex);
    threads->blocked = on;
  }
  threads->changed.notify_all();
  if (!on) return;
  engine->look(watch, [all = threads](const watch::Index*, std::uint64_t) {
    std::unique_lock lock(all->mutex);
    all->changed.wait(lock, [&] { return !all->blocked; });
  });
}

const Picture& WatchEngine::picture() {
  const auto page = watch->after(seen_, SIZE_MAX);
  if (page.lost) throw std::runtime_error("events were dropped before the picture had them");
  for (const auto& event : page.events) replay(event, picture_);
  seen_ = page.last;
  return picture_;
}

}  // namespace vitald::test
