#include "http/events/watched.hpp"

#include "collectors/base/scan.hpp"
#include "http/api/watch_json.hpp"
#include "http/encode/json.hpp"

#include <utility>

namespace vitald::http {
namespace {

constexpr std::size_t most_at_once = 256;

class Following final : public Subscription {
 public:
  Following(Watches& watches, std::string name, WatchPlace place, Listener& listener)
      : watches_(watches), listener_(listener), name_(std::move(name)), ids_(watches.ids(name_)), place_(place) {
    watches_.listen(listener_);
  }
  ~Following() override { watches_.leave(listener_); }

  Message next() override {
    if (gone_) return {};
    Out out;
    if (!watches_.has(name_)) {
      gone_ = true;
      reset(out, "removed", place_.after);
      return {std::string(out.view()), nullptr};
    }
    if (auto now = watches_.ids(name_); now != ids_) {  // another watch has its name
      ids_ = std::move(now);
      place_.reset = "restarted";
    }
    auto page = watches_.events(name_, place_.after, most_at_once);
    if (page.lost && place_.reset.empty()) place_.reset = "expired";
    if (!place_.reset.empty()) {
      place_.after = page.last;
      reset(out, std::exchange(place_.reset, {}), page.last);
      return {std::string(out.view()), nullptr};
    }
    for (const auto& event : page.events) write(out, event);
    return {std::string(out.view()), nullptr};
  }

 private:
  void write(Out& out, const watch::Event& event) {
    out << "id: " << ids_;
    out.number(event.sequence);
    out << "\nevent: " << name_of(event.type) << "\ndata: ";
    write_watch_event(out, event, ids_);
    out << "\n\n";
    place_.after = event.sequence;
  }
  void reset(Out& out, std::string_view why, std::uint64_t start) const {
    out << "id: " << ids_;
    out.number(start);
    out << "\nevent: reset\ndata: {\"reason\":";
    encode::quoted(out, why);
    out << ",\"start\":";
    out.number(start);
    out << "}\n\n";
  }

  Watches& watches_;
  Listener& listener_;
  const std::string name_;
  std::string ids_;
  WatchPlace place_;
  bool gone_ = false;
};

}  // namespace

bool read_watch_place(std::string_view text, const Watches& watches, std::string_view name, WatchPlace& out) {
  const auto last = watches.events(name, UINT64_MAX - 1, 0).last;
  if (scan::number(text, out.after)) {
    if (out.after > last) out.reset = "restarted";
    return true;
  }
  const auto number = text.rfind('-');
  if (number == text.npos || !scan::number(text.substr(number + 1), out.after)) return false;
  if (text.substr(0, number + 1) != watches.ids(name) || out.after > last) out.reset = "restarted";
  return true;
}

std::unique_ptr<Subscription> follow_watch(Watches& watches, std::string name, WatchPlace place, Listener& listener) {
  return std::make_unique<Following>(watches, std::move(name), place, listener);
}

}  // namespace vitald::http
