// The root of a tree: waited for, lost, and found again.
#include "collectors/watch/tree.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstring>
#include <utility>

namespace vitald::watch {
namespace {

constexpr auto root_pause = std::chrono::seconds(5);
constexpr std::uint32_t goes = IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR, comes = IN_CREATE | IN_MOVED_TO | IN_ATTRIB;

std::string path_of(const Folder& folder) {
  char path[PATH_MAX];
  const auto link = "/proc/self/fd/" + std::to_string(folder.fd());
  const auto size = ::readlink(link.c_str(), path, sizeof path);
  return size > 0 ? std::string(path, static_cast<std::size_t>(size)) : std::string();
}

std::string above(std::string_view path) {
  const auto slash = path.rfind('/');
  return std::string(slash == 0 || slash == path.npos ? "/" : path.substr(0, slash));
}

}  // namespace

bool Tree::renew_instance() {
  int error = 0;
  instance_ = Instance::make(error);
  anchors_.clear();
  fence_for_ = fenced_ = looked_;  // one that is under way does not arrive
  wants_fence_ = false;
  if (instance_) return true;
  standing_.state = State::error;
  standing_.reason = error == EMFILE ? "fs.inotify.max_user_instances is reached, or too many files are open"
                                     : std::string("no inotify: ") + std::strerror(error);
  root_at_ = Clock::now() + root_pause;
  return false;
}

void Tree::check_root() {
  root_due_ = false;
  root_at_ = Clock::time_point::max();
  slice_root_ = {};
  opened_ = {};
  if (!instance_ && !renew_instance()) return;
  if (!may_enter_(settings_.path)) return no_local_root(settings_.path);
  foreign_root_.clear();
  const auto root = open_root(settings_.path, settings_.follow_links);
  if (!root) return no_root(errno);
  Identity identity;
  if (!identify(root, identity)) return no_root(errno);
  const bool same = identity == root_id_;
  if (present_ && same && is_watched_root(root)) return anchor();
  const auto seen_why = same ? "deleted" : identity.device != root_id_.device ? "unmounted" : "moved";
  if (present_) lose(!gone_why_.empty() ? gone_why_ : seen_why);
  adopt(root, identity);
}

void Tree::no_root(int error) {
  const bool missing = error == ENOENT || error == ENOTDIR;
  if (present_) lose(!gone_why_.empty() ? gone_why_ : missing ? "deleted" : "it cannot be opened");
  was_away_ = true;
  standing_.state = missing ? State::missing : State::error;
  standing_.reason = std::strerror(error);
  if (!missing) root_at_ = Clock::now() + root_pause;  // nobody tells when it is better
  if (instance_) anchor();
}

// Nothing of it is touched here, nor what is on the way to it.
void Tree::no_local_root(const std::string& path) {
  if (present_) lose(gone_why_.empty() ? "unmounted" : gone_why_);
  was_away_ = true;
  foreign_root_ = path;
  standing_.state = State::error;
  standing_.reason = "another host may have to answer for it, and only local file systems are watched";
}

void Tree::adopt(const Folder& root, const Identity& identity) {
  resolved_ = path_of(root);
  root_id_ = identity;
  if (!may_enter_(resolved_)) return no_local_root(resolved_);
  if (!instance_) return;
  present_ = was_there_ = true;
  gone_why_ = {};
  standing_.state = State::active;
  time_ns_ = wall_clock_ns();
  const bool back = std::exchange(was_away_, false);
  if (back) tell_of(Type::root_back, {});
  ready_ = false;
  walk(back ? Mode::told : Mode::quiet);
  anchor();
}

// A fresh instance forgets all watches at once, and all that was seen of what is somewhere else now.
void Tree::lose(std::string_view why) {
  tell_of(Type::root_gone, why);
  present_ = ready_ = walking_ = comparing_ = false;
  was_away_ = true;
  gone_why_ = {};
  for (const auto mark : backlog_.marks()) marks_.push_back(mark);
  backlog_.clear();
  walk_.clear();
  fresh_.clear();
  retry_.clear();
  looks_.clear();
  doubts_.clear();
  index_.clear();
  facts_.clear();
  measuring_ = false;
  measure_at_ = Clock::time_point::min();
  standing_.sizes.reset();
  compare_at_ = Clock::time_point::max();
  walked_ns_ = 0;
  standing_.unwatched = standing_.unreadable = standing_.left_out = standing_.foreign = 0;
  renew_instance();
}

void Tree::anchor_at(const std::string& path, std::uint32_t mask, std::set<int>& now) {
  const int wd = instance_->add(path.c_str(), mask);
  if (wd >= 0 && index_.watched_by(wd) == nowhere)
    now.insert(wd);
  else if (wd < 0)
    root_at_ = Clock::now() + root_pause;  // nobody would tell, so it is asked for
}

// The directories on the way: whether one goes, and of the last that is there, whether the next comes.
void Tree::anchor() {
  auto path = present_ && !resolved_.empty() ? resolved_ : settings_.path;
  std::set<int> now;
  for (bool last = !present_; path.size() > 1;) {
    path = above(path);
    const bool there = !last || ::access(path.c_str(), F_OK) == 0;
    if (there) anchor_at(path, last ? goes | comes : goes, now);
    if (there) last = false;
  }
  const bool more = now != anchors_;
  for (const int wd : anchors_)
    if (!now.contains(wd)) instance_->remove(wd);
  anchors_ = std::move(now);
  if (more) root_due_ = true;  // it may have come or gone before they were watched
}

}  // namespace vitald::watch
