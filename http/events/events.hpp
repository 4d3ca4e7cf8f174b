#pragma once
// Streams of events, between those who know what happens and the connections that tell of it (text/event-stream).
#include <functional>
#include <memory>
#include <string>

namespace vitald::http {

// A connection that listens. The loop's thread only, as all here.
class Listener {
 public:
  virtual void news() = 0;  // next() may have something

 protected:
  ~Listener() = default;
};

// Whole events, as they are sent.
struct Message {
  std::string own;                            // for one listener
  std::shared_ptr<const std::string> shared;  // behind it, the same for all
  bool empty() const { return own.empty() && !shared; }
};

// One listener's place in a stream, which it leaves when this goes. next() is asked only when all that came before has
// been taken: what may be lost is then replaced by what is newest, and what may not waits with its source.
class Subscription {
 public:
  virtual ~Subscription() = default;
  virtual Message next() = 0;  // empty: nothing yet
};

// Takes a place for a listener, which outlives it.
using Listen = std::function<std::unique_ptr<Subscription>(Listener&)>;

}  // namespace vitald::http
