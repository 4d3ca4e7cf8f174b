#include "collectors/service/bus.hpp"

#include "collectors/base/scan.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace vitald::service {
namespace {

// What no single property's absence explains: who was asked is not there any more, or does not answer.
bool is_loss(int error) {
  return error == ENXIO || error == EHOSTUNREACH || error == ETIMEDOUT || error == ECONNRESET || error == ENOTCONN;
}

Fault fault_of(std::string_view what, int error) {
  if (error == EHOSTUNREACH) error = ENXIO;  // the name has no owner: what was asked for is not on this machine
  return system_fault(what, error);
}

// As the D-Bus specification wants it for values in addresses.
std::string escaped(const std::string& path) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string made;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (scan::plain(c) || c == '/' || c == '-' || c == '.')
      made.push_back(c);
    else
      made.append({'%', hex[byte >> 4], hex[byte & 15]});
  }
  return made;
}

Fault of_another_type() { return {Parse::unknown_layout, "D-Bus: a property"}; }

Result<void> take_text(const SdBus& library, sd_bus_message* answer, void* into) {
  const char* text = nullptr;
  if (library.message_read(answer, "v", "s", &text) < 0) return of_another_type();
  *static_cast<Text*>(into) = text;
  return {};
}

template <class Number>
Result<void> take_number(const SdBus& library, sd_bus_message* answer, void* into) {
  Number number = 0;
  if (library.message_read(answer, "v", sizeof(Number) == 4 ? "u" : "t", &number) < 0) return of_another_type();
  *static_cast<std::optional<Number>*>(into) = number;
  return {};
}

}  // namespace

Bus::~Bus() {
  if (!bus_) return;
  library_.close(bus_);  // drops what is under way; no answer is taken any more
  library_.unref(bus_);
}

// Where the library finds no bus below /run, there may be one where it was before and the peer looks for it: in a
// container into which just this file is mounted, say.
Result<void> Bus::open_system() {
  sd_bus* made = nullptr;
  int done = library_.open_system(&made);
  if (done == -ENOENT && !std::getenv("DBUS_SYSTEM_BUS_ADDRESS"))
    done = connect("/var/run/dbus/system_bus_socket", true, made);
  return start(made, done, "D-Bus: the system's bus");
}

Result<void> Bus::open_socket(const std::string& path) {
  sd_bus* made = nullptr;
  const int done = connect(path, false, made);
  return start(made, done, "D-Bus: a private socket");
}

int Bus::connect(const std::string& path, bool to_bus, sd_bus*& made) const {
  int done = library_.make(&made);
  if (done >= 0) done = library_.set_address(made, ("unix:path=" + escaped(path)).c_str());
  if (done >= 0) done = library_.set_bus_client(made, to_bus);
  return done < 0 ? done : library_.start(made);
}

Result<void> Bus::start(sd_bus* made, int done, std::string_view what) {
  if (done >= 0) {
    bus_ = made;
    return {};
  }
  library_.unref(made);
  return system_fault(what, -done);
}

int Bus::answered(sd_bus_message* answer, void* pending, sd_bus_error*) {
  auto& mine = *static_cast<Pending*>(pending);
  mine.bus->ready_ = &mine;  // the library calls for one message at a time
  mine.bus->answer_ = mine.bus->library_.message_ref(answer);
  return 1;
}

Result<void> Bus::take_answer() {
  const struct Drop {
    const SdBus& library;
    sd_bus_message* message;
    ~Drop() { library.message_unref(message); }
  } drop{library_, std::exchange(answer_, nullptr)};
  auto& mine = *std::exchange(ready_, nullptr);
  mine.busy = false;
  --under_way_;
  if (!library_.message_get_error(drop.message)) return mine.take(library_, drop.message, mine.into);
  const int error = library_.message_get_errno(drop.message);
  if (mine.must_succeed || is_loss(error)) return fault_of(mine.what, error);
  return {};
}

// One message in or out, or a wait until there is one.
Result<void> Bus::step() {
  const auto left = std::chrono::ceil<std::chrono::microseconds>(deadline_ - Clock::now());
  if (left.count() <= 0) return Fault{Parse::late, "D-Bus"};
  const int moved = library_.process(bus_, nullptr);
  if (ready_) return take_answer();
  if (moved < 0) return system_fault("D-Bus", -moved);
  if (moved > 0) return {};
  const int woken = library_.wait(bus_, static_cast<std::uint64_t>(left.count()));
  if (woken < 0 && woken != -EINTR) return system_fault("D-Bus", -woken);
  return {};
}

Result<void> Bus::settle() {
  while (under_way_ > 0)
    if (const auto done = step(); !done) return done;
  return {};
}

Result<Bus::Pending*> Bus::free_one() {
  while (under_way_ == pending_.size())
    if (const auto done = step(); !done) return done.error();
  return &*std::ranges::find(pending_, false, &Pending::busy);
}

Result<void> Bus::ask(const Call& call, Take take, void* into) { return send(call, nullptr, nullptr, take, into); }

Result<void> Bus::ask(const Call& property, Text& into) { return ask_property(property, take_text, &into); }

Result<void> Bus::ask(const Call& property, std::optional<std::uint32_t>& into) {
  return ask_property(property, take_number<std::uint32_t>, &into);
}

Result<void> Bus::ask(const Call& property, std::optional<std::uint64_t>& into) {
  return ask_property(property, take_number<std::uint64_t>, &into);
}

Result<void> Bus::ask_property(const Call& property, Take take, void* into) {
  auto call = property;
  call.interface = "org.freedesktop.DBus.Properties";
  call.member = "Get";
  return send(call, property.interface, property.member, take, into);
}

Result<void> Bus::send(const Call& call, const char* argument, const char* second, Take take, void* into) {
  const auto found = free_one();
  if (!found) return found.error();
  auto& mine = **found;
  sd_bus_message* message = nullptr;
  int done = library_.message_new_method_call(bus_, &message, call.service, call.path, call.interface, call.member);
  if (done >= 0) done = library_.message_set_auto_start(message, 0);  // looking on starts nothing
  if (done >= 0 && argument) done = library_.message_append(message, "ss", argument, second);
  if (done >= 0) {
    mine = {this, take, into, call.what, call.must_succeed, true};
    done = library_.call_async(bus_, nullptr, message, answered, &mine, 0);
    mine.busy = done >= 0;
  }
  library_.message_unref(message);
  if (done < 0) return system_fault(call.what, -done);
  ++under_way_;
  return {};
}

}  // namespace vitald::service
