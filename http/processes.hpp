#pragma once
// Who is asked about processes: the daemon, which has a source of theirs on threads that may hang. The loop only.
#include "collectors/base/process_source.hpp"
#include "http/router.hpp"

#include <chrono>
#include <functional>

namespace vitald::http {

class Processes {
 public:
  // Off the loop, with nothing but what it has brought along.
  using Work = std::function<Reply(ProcessSource&)>;
  enum class Desk : std::uint8_t { listings, parts };  // one work at a time at each

  virtual ~Processes() = default;
  // `answer` is called on the loop, once, with what came of the work, or with a 503 when that is late; never before
  // this returns.
  virtual void read(Desk desk, Work work, Answer answer) = 0;
  // Calls back on the loop after that time.
  virtual void after(std::chrono::milliseconds time, std::function<void()> call) = 0;
  // A sample that is no older than this is good for a request of now.
  virtual std::chrono::milliseconds freshness() const = 0;
};

}  // namespace vitald::http
