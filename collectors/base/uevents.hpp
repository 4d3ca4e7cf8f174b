#pragma once
// Which of the kernel's subsystems changed: uevents by netlink(7), asked for only when somebody wants to know.
//
// Nobody listens meanwhile, so that nothing wakes the daemon: what does not fit into the socket's room is lost, the
// kernel says that something was, and then everything counts as changed. Where events may not come at all (another
// user's name space, no socket) nothing is known.
#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace vitald {

// The subsystem that a uevent tells of; empty when the text is none.
std::string_view subsystem_of_uevent(std::string_view message);

// Threads: collectors on different readers may ask at once. The socket is lent to one at a time, and the others
// are told that nothing is known; nobody waits.
class Uevents {
 public:
  explicit Uevents(const std::atomic<std::uint64_t>& generation) : now_(generation) {}
  // For tests: from now on this datagram socket speaks for the kernel. It is closed with this object.
  void hear(int socket);
  ~Uevents();
  Uevents(const Uevents&) = delete;
  Uevents& operator=(const Uevents&) = delete;

  enum class News : std::uint8_t { none, some, unknown };

  // Owned by one collector.
  class Watch {
   public:
    // What happened to the subsystem since this was last asked; at first, and where something was lost, `some`. Ask
    // before looking at what may have changed.
    News news();

   private:
    friend class Uevents;
    Watch(Uevents& events, const std::atomic<std::uint64_t>* count, bool begins = true)
        : events_(&events), count_(count), begins_(begins) {}

    Uevents* events_;
    const std::atomic<std::uint64_t>* count_;  // none: nothing is known
    std::uint64_t seen_ = 0;
    bool begins_;  // to listen, where nobody did before
  };

  // Called by collectors' constructors only. Of "net", and of "", nothing is ever known: interfaces' events go to one
  // network name space, and /sys may show another one's.
  Watch watch(std::string_view subsystem);
  // Of whatever happens to any subsystem or module. For the loop: nothing is known as long as no collector listens.
  Watch watch_all() { return {*this, &all_, false}; }

 private:
  bool receive(bool begins);  // false where it cannot be told what has happened
  bool open();
  bool take_all();

  const std::atomic<std::uint64_t>& now_;
  std::map<std::string, std::atomic<std::uint64_t>, std::less<>> counts_;
  std::atomic<std::uint64_t> of_all_{1};  // changes
  std::atomic<std::uint64_t> all_{0};     // events
  std::atomic_flag busy_;
  std::uint64_t received_in_ = 0;
  int fd_ = -1;
  bool tried_ = false;
};

}  // namespace vitald
