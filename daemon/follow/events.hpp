#pragma once
// Server-sent events, taken apart and shown.
#include <functional>
#include <string>
#include <string_view>

namespace vitald::follow {

struct Told {
  std::string id, name, data;
};

// Takes bytes as they come.
class Feed {
 public:
  explicit Feed(std::function<void(const Told&)> tell) : tell_(std::move(tell)) {}
  void take(std::string_view bytes);
  void restart() { line_.clear(), now_ = {}; }  // with another connection

 private:
  void line(std::string_view text);

  std::function<void(const Told&)> tell_;
  std::string line_;
  Told now_;
};

// "12:00:01.234 moved a/ -> b/", in local time; what a terminal might take for a command is '?'. Without its line end.
std::string line_of(const Told& told);
std::string json_of(const Told& told);  // the data, with its type

// The name of the watch of that path in a list of watches; empty: there is none.
std::string watch_of(const std::string& list, const std::string& path);
// A watch of it, as the daemon takes it.
std::string wish_for(const std::string& name, const std::string& path);

}  // namespace vitald::follow
