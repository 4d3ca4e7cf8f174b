#pragma once
// What systemd hands to a service by its environment: where it wants to be told, how often, and open sockets.
#include <sys/types.h>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace vitald {

struct HandedOver {
  struct Socket {
    int fd;
    std::string name;  // as the unit's FileDescriptorName= says; else the unit's name, or empty
  };
  std::string notify_socket;             // empty: nobody wants to be told
  std::chrono::microseconds watchdog{};  // 0: nobody waits for a sign of life
  std::vector<Socket> sockets;
};

// `variable` gives an environment variable's text, empty without; what was meant for another process does not count.
using Variable = std::function<std::string_view(const char* name)>;
HandedOver read_handed_over(const Variable& variable, pid_t self);

// Of this process. The variables are taken out of the environment and the sockets closed on exec, so that no child has
// either. Before any thread is made; once.
HandedOver take_handed_over();

}  // namespace vitald
