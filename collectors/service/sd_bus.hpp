#pragma once
// The part of libsystemd's sd-bus(3) that is used here. The library is loaded by the first collector that needs it: it
// and those that it brings along cost a start that does not ask for them neither time nor memory, and a machine may be
// without it. Its ABI has not changed since version 221, so that no header is needed to build.
#include "collectors/base/result.hpp"

#include <cstdint>

struct sd_bus;
struct sd_bus_slot;
struct sd_bus_message;
struct sd_bus_error {
  const char *name, *message;
  int need_free;
};

namespace vitald::service {

// As in the library, less the prefix sd_bus_. Numbers below zero are errno's.
struct SdBus {
  using Handler = int (*)(sd_bus_message*, void*, sd_bus_error*);
  int (*open_system)(sd_bus**) = nullptr;
  int (*make)(sd_bus**) = nullptr;  // sd_bus_new
  int (*set_address)(sd_bus*, const char*) = nullptr;
  int (*set_bus_client)(sd_bus*, int) = nullptr;
  int (*start)(sd_bus*) = nullptr;
  void (*close)(sd_bus*) = nullptr;
  sd_bus* (*unref)(sd_bus*) = nullptr;
  int (*process)(sd_bus*, sd_bus_message**) = nullptr;
  int (*wait)(sd_bus*, std::uint64_t microseconds) = nullptr;
  int (*call_async)(sd_bus*, sd_bus_slot**, sd_bus_message*, Handler, void*, std::uint64_t microseconds) = nullptr;
  int (*message_new_method_call)(sd_bus*, sd_bus_message**, const char*, const char*, const char*,
                                 const char*) = nullptr;
  int (*message_set_auto_start)(sd_bus_message*, int) = nullptr;
  int (*message_append)(sd_bus_message*, const char*, ...) = nullptr;
  sd_bus_message* (*message_ref)(sd_bus_message*) = nullptr;
  sd_bus_message* (*message_unref)(sd_bus_message*) = nullptr;
  const sd_bus_error* (*message_get_error)(sd_bus_message*) = nullptr;
  int (*message_get_errno)(sd_bus_message*) = nullptr;
  int (*message_enter_container)(sd_bus_message*, char, const char*) = nullptr;
  int (*message_read)(sd_bus_message*, const char*, ...) = nullptr;
};

inline constexpr const char* sd_bus_file = "libsystemd.so.0";

// The library stays loaded for good. `file` must outlive the fault, which is `unsupported`.
Result<SdBus> load_sd_bus(const char* file = sd_bus_file);

}  // namespace vitald::service
