#pragma once
// A connection to D-Bus for the time of one reading: nothing queues up between readings, neither here nor at the other
// end, and a bus that went away is met anew. Many calls are under way at once, and all of it ends at a deadline.
#include "collectors/base/text.hpp"
#include "collectors/service/sd_bus.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <string>

namespace vitald::service {

class Bus {
 public:
  using Clock = std::chrono::steady_clock;

  Bus(const SdBus& library, Clock::time_point deadline) : library_(library), deadline_(deadline) {}
  ~Bus();
  Bus(const Bus&) = delete;
  Bus& operator=(const Bus&) = delete;

  // One of these, once, until one works.
  Result<void> open_system();                         // DBUS_SYSTEM_BUS_ADDRESS, or below /run or /var/run
  Result<void> open_socket(const std::string& path);  // somebody's own socket, without a bus between
  bool open() const { return bus_ != nullptr; }

  struct Call {
    const char *service, *path, *interface, *member;
    std::string_view what;      // for faults: a literal
    bool must_succeed = false;  // else an error for an answer is no fault, and nothing is taken
  };
  // Reads an answer; the message is good for the time of the call.
  using Take = Result<void> (*)(const SdBus&, sd_bus_message* answer, void* into);

  // Sends, or waits until it may; the answer is taken into what must stay where it is until `settle` has returned.
  Result<void> ask(const Call& call, Take take, void* into);
  // Of the interface Properties; call.interface and call.member name the property. Another type than that of `into` is
  // a fault.
  Result<void> ask(const Call& property, Text& into);
  Result<void> ask(const Call& property, std::optional<std::uint32_t>& into);
  Result<void> ask(const Call& property, std::optional<std::uint64_t>& into);
  // Waits for the answers to all that was asked.
  Result<void> settle();

 private:
  struct Pending {
    Bus* bus;
    Take take;
    void* into;
    std::string_view what;
    bool must_succeed, busy;
  };
  static int answered(sd_bus_message* answer, void* pending, sd_bus_error*);
  Result<void> ask_property(const Call& property, Take take, void* into);
  Result<void> send(const Call& call, const char* argument, const char* second, Take take, void* into);
  Result<void> step();
  Result<void> take_answer();
  Result<Pending*> free_one();
  int connect(const std::string& path, bool to_bus, sd_bus*& made) const;  // 0, or errno below zero
  Result<void> start(sd_bus* made, int done, std::string_view what);

  const SdBus& library_;
  Clock::time_point deadline_;
  sd_bus* bus_ = nullptr;
  std::array<Pending, 64> pending_{};  // dbus-daemon lets a connection wait for 128 answers
  std::size_t under_way_ = 0;
  Pending* ready_ = nullptr;  // whose answer has come, and the answer
  sd_bus_message* answer_ = nullptr;
};

}  // namespace vitald::service
