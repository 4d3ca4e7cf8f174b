#pragma once
// Who is asked about watched directories: the daemon, which has an engine for them on threads of its own. The loop
// only.
#include "collectors/base/out.hpp"
#include "collectors/base/watch_settings.hpp"
#include "http/events/events.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vitald::http {

class Watches {
 public:
  struct Item {
    watch::Settings settings;
    watch::Report report;
    bool ephemeral = false;  // made by a client; a restart forgets it
  };
  virtual ~Watches() = default;

  virtual bool has(std::string_view name) const = 0;
  // What stands before an event's number in its id: other than before where the daemon or the watch is.
  virtual std::string ids(std::string_view name) const = 0;
  virtual std::vector<std::string> names() const = 0;
  virtual watch::Common common() const = 0;
  virtual std::optional<Item> item(std::string_view name) const = 0;
  virtual watch::Page events(std::string_view name, std::uint64_t after, std::size_t most) const = 0;

  // A listener is told when any watch has news.
  virtual void listen(Listener& listener) = 0;
  virtual void leave(Listener& listener) = 0;

  // These call back on the loop, once, and never before they return.
  virtual void sync(std::string_view name, std::function<void(std::uint64_t last)> done) = 0;
  struct Entry {
    std::string path;
    bool folder;
  };
  struct Tree {
    std::vector<Entry> entries;  // parents before what is in them
    std::uint64_t last = 0;      // it is as after this event
    bool whole = true;           // there are no more than were asked for
  };
  virtual void tree(std::string_view name, std::size_t most, std::function<void(Tree)> done) = 0;

  // From a client's text: YAML or JSON. Empty, or why not; `name` is what it is called.
  virtual std::string add(std::string_view text, std::string& name) = 0;
  enum class Removal : std::uint8_t { done, none_such, configured };
  virtual Removal remove(std::string_view name) = 0;
};

}  // namespace vitald::http
