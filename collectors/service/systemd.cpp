// What systemd(1) tells of its units by D-Bus.
#include "collectors/base/collector.hpp"
#include "collectors/base/duration.hpp"
#include "collectors/base/scan.hpp"
#include "collectors/service/bus.hpp"
#include "collectors/service/systemd_tables.hpp"

#include <unistd.h>

#include <limits>

namespace vitald::service {
namespace {

// ---- parse: text -> rows

constexpr bool digit(char c) { return c >= '0' && c <= '9'; }

// "252.38-1~deb12u1" is 252.38: the first three digits or more, and a fraction. Nothing without, or before version 100.
std::optional<double> number_of_version(std::string_view text) {
  const auto digits_from = [&](std::size_t at) {
    while (at < text.size() && digit(text[at])) ++at;
    return at;
  };
  for (std::size_t from = 0; from < text.size(); ++from) {
    auto to = digits_from(from);
    if (to - from < 3) {
      from = to;
      continue;
    }
    if (to + 1 < text.size() && text[to] == '.' && digit(text[to + 1])) to = digits_from(to + 1);
    double number = 0;
    if (scan::number(text.substr(from, to - from), number)) return number;
    return std::nullopt;
  }
  return std::nullopt;
}

// ---- read: D-Bus -> rows

constexpr double oldest_with_timers = 212;  // and with a state of the system

Bus::Call property_of_manager(const char* name) {
  return {"org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager", name,
          "systemd: the manager"};
}

// Asks for properties of a unit until one cannot be asked for.
struct Asking {
  Bus& bus;
  const char* path;
  Result<void> done = {};

  template <class Value>
  void operator()(const char* interface, const char* name, Value& into) {
    if (done) done = bus.ask({"org.freedesktop.systemd1", path, interface, name, "systemd: a unit"}, into);
  }
};

class Systemd final : public Collector {
 public:
  explicit Systemd(const Environment& environment) : Systemd(environment.roots.rootfs, environment.options) {}

  Result<void> collect(Page& page) override {
    if (!library_.open_system) {
      const auto loaded = load_sd_bus();
      if (!loaded) return loaded.error();
      library_ = *loaded;
    }
    Bus bus(library_, Bus::Clock::now() + deadline_);
    if (const auto opened = open(bus); !opened) return opened;
    auto& manager = page.sheet(manager_table).next();
    Lists lists{units_, page.sheet(state_table), page.sheet(unit_table)};
    if (const auto known = ask_manager(bus, manager, lists); !known) return known;
    for (auto& unit : lists.units.view())
      if (const auto asked = ask_about(bus, unit, manager.number >= oldest_with_timers); !asked) return asked;
    if (manager.number >= oldest_with_timers) {
      auto state = property_of_manager("SystemState");
      state.must_succeed = true;
      if (const auto asked = bus.ask(state, manager.state); !asked) return asked;
    }
    if (const auto answered = bus.settle(); !answered) return answered;
    for (auto& unit : lists.units.view()) finish(unit);
    if (manager.number >= oldest_with_timers) manager.running = manager.state == "running";
    return {};
  }

 private:
  struct Lists {
    Units& reader;
    Sheet<UnitsInState>& states;
    Sheet<Unit>& units;
  };

  Systemd(const std::string& rootfs, const Options& options)
      : socket_((rootfs == "/" ? "" : rootfs) + "/run/systemd/private"),
        include_(anchored(options.text("collector.systemd.unit-include"))),
        exclude_(anchored(options.text("collector.systemd.unit-exclude"))),
        units_(include_, exclude_),
        deadline_(parse_duration(options.text("collector.deadline")).value_or(std::chrono::seconds(5))),
        private_(options.on("collector.systemd.private")),
        restarts_(options.on("collector.systemd.enable-restarts-metrics")),
        starts_(options.on("collector.systemd.enable-start-time-metrics")),
        tasks_(options.on("collector.systemd.enable-task-metrics")) {}

  static std::string anchored(const std::string& expression) { return "^(?:" + expression + ")$"; }

  // Without a bus root may ask systemd itself.
  Result<void> open(Bus& bus) const {
    if (private_) return bus.open_socket(socket_);
    const auto opened = bus.open_system();
    if (opened || ::geteuid() != 0) return opened;
    return bus.open_socket(socket_) ? Result<void>() : opened;
  }

  static Result<void> take_list(const SdBus& library, sd_bus_message* answer, void* into) {
    auto& lists = *static_cast<Lists*>(into);
    return lists.reader.take(library, answer, lists.states, lists.units);
  }

  static Result<void> ask_manager(Bus& bus, Manager& row, Lists& lists) {
    row.virtualization = "unknown";
    auto list = property_of_manager("ListUnits");
    list.what = "systemd: ListUnits";
    list.must_succeed = true;
    if (const auto asked = bus.ask(property_of_manager("Version"), row.version); !asked) return asked;
    if (const auto asked = bus.ask(property_of_manager("Virtualization"), row.virtualization); !asked) return asked;
    if (const auto asked = bus.ask(list, take_list, &lists); !asked) return asked;
    if (const auto answered = bus.settle(); !answered) return answered;
    if (row.virtualization.empty()) row.virtualization = "none";
    const auto number = number_of_version(row.version);
    row.number = number.value_or(0);
    if (!number) row.version.clear();
    return {};
  }

  Result<void> ask_about(Bus& bus, Unit& unit, bool timers) {
    const auto name = unit.name.view();
    path_.assign(unit.path.view());
    Asking ask{bus, path_.c_str()};
    if (name.ends_with(".service")) {
      constexpr auto service = "org.freedesktop.systemd1.Service";
      ask(service, "Type", unit.type);
      if (restarts_) ask(service, "NRestarts", unit.restarts);
      if (tasks_) ask(service, "TasksCurrent", unit.tasks);
      if (tasks_) ask(service, "TasksMax", unit.most_tasks);
    } else if (name.ends_with(".mount")) {
      ask("org.freedesktop.systemd1.Mount", "Type", unit.type);
    } else if (name.ends_with(".socket")) {
      constexpr auto socket = "org.freedesktop.systemd1.Socket";
      ask(socket, "NAccepted", unit.accepted);
      ask(socket, "NConnections", unit.connections);
      ask(socket, "NRefused", unit.refused);  // since version 239
    } else if (timers && name.ends_with(".timer")) {
      ask("org.freedesktop.systemd1.Timer", "LastTriggerUSec", unit.trigger);
    }
    if (starts_ && unit.active != 0) ask("org.freedesktop.systemd1.Unit", "ActiveEnterTimestamp", unit.start);
    return ask.done;
  }

  // What an answer does without those before it, and what is no number: the peer shows nothing either.
  void finish(Unit& unit) const {
    constexpr auto none = std::numeric_limits<std::uint64_t>::max();
    if (!unit.tasks) unit.most_tasks.reset();
    if (unit.tasks == none) unit.tasks.reset();
    if (unit.most_tasks == none) unit.most_tasks.reset();
    if (!unit.accepted) unit.connections.reset();
    if (!unit.connections) unit.refused.reset();
    if (unit.trigger) unit.trigger_seconds = static_cast<double>(*unit.trigger) / 1e6;
    if (starts_ && unit.active == 0) unit.start_seconds = 0;
    if (unit.start) unit.start_seconds = static_cast<double>(*unit.start) / 1e6;
  }

  SdBus library_;
  std::string socket_, path_;
  Pattern include_, exclude_;
  Units units_;
  std::chrono::nanoseconds deadline_;
  bool private_, restarts_, starts_, tasks_;
};

constexpr const Layout* layouts[] = {&manager_table, &state_table, &unit_table};

constexpr std::string_view needs =
    "libsystemd.so.0 of version 221 or newer, loaded when the collector is on, and the system's D-Bus. The private "
    "socket: "
    "root.";

}  // namespace

extern constinit const Entry systemd;
constinit const Entry systemd{
    "systemd", "Systemd's units, by D-Bus.", false, Entry::Runs::slow, make<Systemd>, layouts, systemd_options, needs};

}  // namespace vitald::service
