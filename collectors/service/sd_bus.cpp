#include "collectors/service/sd_bus.hpp"

#include <dlfcn.h>

namespace vitald::service {
namespace {

template <class Function>
bool find(void* library, const char* name, Function*& into) {
  into = reinterpret_cast<Function*>(::dlsym(library, name));
  return into != nullptr;
}

}  // namespace

Result<SdBus> load_sd_bus(const char* file) {
  void* const library = ::dlopen(file, RTLD_LAZY | RTLD_LOCAL);
  SdBus made;
  const bool whole = library && find(library, "sd_bus_open_system", made.open_system) &&
                     find(library, "sd_bus_new", made.make) && find(library, "sd_bus_set_address", made.set_address) &&
                     find(library, "sd_bus_set_bus_client", made.set_bus_client) &&
                     find(library, "sd_bus_start", made.start) && find(library, "sd_bus_close", made.close) &&
                     find(library, "sd_bus_unref", made.unref) && find(library, "sd_bus_process", made.process) &&
                     find(library, "sd_bus_wait", made.wait) && find(library, "sd_bus_call_async", made.call_async) &&
                     find(library, "sd_bus_message_new_method_call", made.message_new_method_call) &&
                     find(library, "sd_bus_message_set_auto_start", made.message_set_auto_start) &&
                     find(library, "sd_bus_message_append", made.message_append) &&
                     find(library, "sd_bus_message_ref", made.message_ref) &&
                     find(library, "sd_bus_message_unref", made.message_unref) &&
                     find(library, "sd_bus_message_get_error", made.message_get_error) &&
                     find(library, "sd_bus_message_get_errno", made.message_get_errno) &&
                     find(library, "sd_bus_message_enter_container", made.message_enter_container) &&
                     find(library, "sd_bus_message_read", made.message_read);
  if (!whole) return system_fault(file, EOPNOTSUPP);
  return made;
}

}  // namespace vitald::service
