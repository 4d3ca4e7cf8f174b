// A small org.freedesktop.systemd1 for tests: on the bus of DBUS_SYSTEM_BUS_ADDRESS, or, with a path for its argument,
// behind a private socket. It is told what to be by lines on its standard input, words parted by tabs; it answers each
// with a line and ends with its input:
//   unit NAME LOAD ACTIVE                     one more unit
//   property WHOSE INTERFACE NAME TYPE VALUE  of a unit, or of "manager"; "Service" stands for the whole interface
//   error WHAT ERROR                          calls of that member or for that property get the error …
//   hang WHAT                                 … or no answer
//   drop WHAT                                 … or the end of the connection
//   forget                                    all of that
//   leave, return                             gives up the bus's name, takes it again
//   calls                                     how many calls came so far
#include "collectors/base/scan.hpp"
#include "collectors/service/sd_bus.hpp"

#include <dlfcn.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <vector>

namespace {

using vitald::scan::take_until;
using vitald::service::SdBus;

// ---- what the daemon has no use for in the library

template <class Function>
Function* symbol(const char* name) {
  static void* const library = ::dlopen(vitald::service::sd_bus_file, RTLD_NOW);
  void* const found = library ? ::dlsym(library, name) : nullptr;
  if (!found) ::_exit(69);
  return reinterpret_cast<Function*>(found);
}

union Id {
  std::uint8_t bytes[16];
  std::uint64_t words[2];
};
const auto request_name = symbol<int(sd_bus*, const char*, std::uint64_t)>("sd_bus_request_name");
const auto release_name = symbol<int(sd_bus*, const char*)>("sd_bus_release_name");
const auto add_filter = symbol<int(sd_bus*, void*, SdBus::Handler, void*)>("sd_bus_add_filter");
const auto fd_of = symbol<int(sd_bus*)>("sd_bus_get_fd");
const auto events_of = symbol<int(sd_bus*)>("sd_bus_get_events");
const auto set_fd = symbol<int(sd_bus*, int, int)>("sd_bus_set_fd");
const auto set_server = symbol<int(sd_bus*, int, Id)>("sd_bus_set_server");
const auto path_of = symbol<const char*(sd_bus_message*)>("sd_bus_message_get_path");
const auto is_call = symbol<int(sd_bus_message*, const char*, const char*)>("sd_bus_message_is_method_call");
const auto new_answer = symbol<int(sd_bus_message*, sd_bus_message**)>("sd_bus_message_new_method_return");
const auto open_container = symbol<int(sd_bus_message*, char, const char*)>("sd_bus_message_open_container");
const auto close_container = symbol<int(sd_bus_message*)>("sd_bus_message_close_container");
const auto send_message = symbol<int(sd_bus*, sd_bus_message*, std::uint64_t*)>("sd_bus_send");
const auto refuse = symbol<int(sd_bus_message*, const char*, const char*, ...)>("sd_bus_reply_method_errorf");

const SdBus library = vitald::service::load_sd_bus().value();
constexpr const char* service = "org.freedesktop.systemd1";

// ---- what it was told to be

struct Unit {
  std::string name, load, active, path;
};
struct Value {
  std::string interface, type, value;
};
std::vector<Unit> units;
std::map<std::pair<std::string, std::string>, Value> properties;  // by path and name
std::map<std::string, std::string, std::less<>> odd;              // what -> "hang", "drop", or an error
std::size_t calls = 0;
bool dropped = false;

bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// As systemd makes a D-Bus path of a unit's name.
std::string path_for(std::string_view name) {
  std::string path = "/org/freedesktop/systemd1";
  if (name == "manager") return path;
  path += "/unit/";
  for (std::size_t i = 0; i < name.size(); ++i) {
    char code[4];
    const bool plain = letter(name[i]) || (i > 0 && name[i] >= '0' && name[i] <= '9');
    std::snprintf(code, sizeof code, plain ? "%c" : "_%02x", static_cast<unsigned char>(name[i]));
    path += code;
  }
  return path;
}

// ---- answers

int answer(sd_bus* bus, sd_bus_message* call, auto&& fill) {
  sd_bus_message* made = nullptr;
  new_answer(call, &made);
  fill(made);
  const int sent = send_message(bus, made, nullptr);
  library.message_unref(made);
  return sent < 0 ? sent : 1;
}

// Whether it behaves otherwise than a usual one would.
bool is_odd(sd_bus_message* call, const char* what) {
  const auto found = odd.find(what);
  if (found == odd.end()) return false;
  if (found->second == "drop") dropped = true;
  if (found->second.find('.') != std::string::npos) refuse(call, found->second.c_str(), "as the test wants it");
  return true;
}

int list(sd_bus* bus, sd_bus_message* call) {
  return answer(bus, call, [](sd_bus_message* made) {
    open_container(made, 'a', "(ssssssouso)");
    for (const auto& unit : units)
      library.message_append(made, "(ssssssouso)", unit.name.c_str(), "A unit", unit.load.c_str(), unit.active.c_str(),
                             "sub", "", unit.path.c_str(), 0u, "", "/");
    close_container(made);
  });
}

int property(sd_bus* bus, sd_bus_message* call, const char* interface, const char* name) {
  const auto found = properties.find({path_of(call), name});
  if (found == properties.end() || found->second.interface != interface)
    return refuse(call, "org.freedesktop.DBus.Error.UnknownProperty", "no such property");
  const auto& [_, type, value] = found->second;
  return answer(bus, call, [&](sd_bus_message* made) {
    if (type == "s") library.message_append(made, "v", "s", value.c_str());
    if (type == "u") library.message_append(made, "v", "u", static_cast<std::uint32_t>(std::stoul(value)));
    if (type == "t") library.message_append(made, "v", "t", std::uint64_t{std::stoull(value)});
  });
}

int handle(sd_bus_message* call, void* to, sd_bus_error*) {
  auto* const bus = static_cast<sd_bus*>(to);
  const char *interface = nullptr, *name = nullptr;
  if (is_call(call, "org.freedesktop.systemd1.Manager", "ListUnits") > 0) {
    ++calls;
    return is_odd(call, "ListUnits") ? 1 : list(bus, call);
  }
  if (is_call(call, "org.freedesktop.DBus.Properties", "Get") <= 0) return 0;
  ++calls;
  library.message_read(call, "ss", &interface, &name);
  return is_odd(call, name) ? 1 : property(bus, call, interface, name);
}

// ---- orders

void obey(std::string_view line, sd_bus* bus) {
  std::array<std::string, 6> words;
  for (auto& word : words) word = take_until(line, '\t');
  const auto& [order, one, two, three, four, five] = words;
  if (order == "unit") units.push_back({one, two, three, path_for(one)});
  if (order == "property") properties[{path_for(one), three}] = {std::string(service) + "." + two, four, five};
  if (order == "error") odd[one] = two;
  if (order == "hang" || order == "drop") odd[one] = order;
  if (order == "leave") release_name(bus, service);
  if (order == "return") request_name(bus, service, 0);
  if (order == "forget") units.clear(), properties.clear(), odd.clear();
  std::printf("%zu\n", calls);
  std::fflush(stdout);
}

bool obey_all(sd_bus* bus) {
  static std::string input;
  char bytes[65536];
  const auto n = ::read(STDIN_FILENO, bytes, sizeof bytes);
  if (n <= 0) return false;
  input.append(bytes, static_cast<std::size_t>(n));
  for (std::size_t end; (end = input.find('\n')) != input.npos; input.erase(0, end + 1))
    obey(std::string_view(input).substr(0, end), bus);
  return true;
}

int listen_at(const char* path) {
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  std::snprintf(at.sun_path, sizeof at.sun_path, "%s", path);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool listens = ::bind(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0 && ::listen(fd, 8) == 0;
  return listens ? fd : -1;
}

sd_bus* accepted(int listener) {
  sd_bus* bus = nullptr;
  const int fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  library.make(&bus);
  set_fd(bus, fd, fd);
  set_server(bus, 1, Id{{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}});
  library.start(bus);
  add_filter(bus, nullptr, handle, bus);
  return bus;
}

void drop(sd_bus*& bus) {
  dropped = false;
  library.close(bus);
  bus = library.unref(bus);
}

// Until the input ends, or the bus goes away where there is one.
void serve(sd_bus* bus, int listener) {
  for (;;) {
    while (bus && !dropped) {
      const int moved = library.process(bus, nullptr);
      if (moved < 0) dropped = true;
      if (moved == 0) break;
    }
    if (dropped) drop(bus);
    if (!bus && listener < 0) return;
    pollfd asked[] = {{STDIN_FILENO, POLLIN, 0},
                      {bus ? fd_of(bus) : listener, static_cast<short>(bus ? events_of(bus) : POLLIN), 0}};
    ::poll(asked, 2, 1000);
    if (asked[0].revents != 0 && !obey_all(bus)) return;
    if (!bus && asked[1].revents != 0) bus = accepted(listener);
  }
}

}  // namespace

int main(int count, char** arguments) {
  sd_bus* bus = nullptr;
  int listener = -1;
  if (count > 1) {
    if ((listener = listen_at(arguments[1])) < 0) return 73;
  } else {
    if (library.open_system(&bus) < 0 || request_name(bus, service, 0) < 0) return 69;
    add_filter(bus, nullptr, handle, bus);
  }
  std::puts("ready");
  std::fflush(stdout);
  serve(bus, listener);
  return 0;
}
