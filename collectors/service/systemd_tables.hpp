#pragma once
// Families and options of the collector systemd; only it includes this.
#include "collectors/base/option.hpp"
#include "collectors/service/units.hpp"

namespace vitald::service {

struct Manager {
  Text version, virtualization, state;
  double number = 0;
  std::optional<std::uint32_t> running;
};
inline constexpr Key version_keys[] = {key<&Manager::version>("version")};
inline constexpr Key virtualization_keys[] = {key<&Manager::virtualization>("virtualization_type")};
inline constexpr Column manager_columns[] = {
    gauge<&Manager::running>("systemd_system_running", "1 where all units do as they shall, else 0.", {}, "running"),
    with_keys(gauge<&Manager::number>("systemd_version", "Systemd's version.", {}, "version_number"), version_keys),
    with_keys(info("systemd_virtualization_info", "What systemd takes the machine for."), virtualization_keys),
};
inline constexpr std::string_view source = "D-Bus, org.freedesktop.systemd1";
inline constexpr Table<Manager> manager_table{{"systemd", source, {}, manager_columns}};

inline constexpr Key state_keys[] = {key<&UnitsInState::state>("state")};
inline constexpr Column state_columns[] = {gauge<&UnitsInState::units>("systemd_units", "Units in each state.")};
inline constexpr Table<UnitsInState> state_table{{"systemd_states", source, state_keys, state_columns}};

inline constexpr std::string_view unit_state = "systemd_unit_state",
                                  state_help = "1 for the state that the unit is in.";
inline constexpr Key unit_keys[] = {key<&Unit::name>("name"), key<&Unit::type>("type")};
inline constexpr Key name_keys[] = {key<&Unit::name>("name")};
template <auto Member>
consteval Column of_unit(Name name, std::string_view help, std::string_view field) {
  return with_keys(gauge<Member>(name, help, {}, field), name_keys);
}
template <auto Member>
consteval Column count_of_unit(Name name, std::string_view help, std::string_view field) {
  return with_keys(counter<Member>(name, help, {}, field), name_keys);
}
inline constexpr Column unit_columns[] = {
    count_of_unit<&Unit::restarts>("systemd_service_restart_total", "How often systemd started the service again.",
                                   "restarts"),
    count_of_unit<&Unit::accepted>("systemd_socket_accepted_connections_total", "Connections that were accepted.",
                                   "accepted_connections"),
    of_unit<&Unit::connections>("systemd_socket_current_connections", "Connections that are open.",
                                "current_connections"),
    of_unit<&Unit::refused>(peer_name("systemd_socket_refused_connections_total"), "Connections that were refused.",
                            "refused_connections"),
    of_unit<&Unit::trigger_seconds>("systemd_timer_last_trigger_seconds",
                                    "When the timer last started its unit, in seconds since 1970.",
                                    "last_trigger_seconds"),
    of_unit<&Unit::start_seconds>("systemd_unit_start_time_seconds",
                                  "When the unit became active, in seconds since 1970; 0 where it is not.",
                                  "start_time_seconds"),
    gauge<&Unit::activating>(unit_state, state_help, {"state", "activating"}, "activating"),
    gauge<&Unit::active>(unit_state, state_help, {"state", "active"}, "active"),
    gauge<&Unit::deactivating>(unit_state, state_help, {"state", "deactivating"}, "deactivating"),
    gauge<&Unit::failed>(unit_state, state_help, {"state", "failed"}, "failed"),
    gauge<&Unit::inactive>(unit_state, state_help, {"state", "inactive"}, "inactive"),
    of_unit<&Unit::tasks>("systemd_unit_tasks_current", "Tasks of the service.", "tasks_current"),
    of_unit<&Unit::most_tasks>("systemd_unit_tasks_max", "Tasks that the service may have.", "tasks_max"),
};
inline constexpr Table<Unit> unit_table{{"systemd_units", source, unit_keys, unit_columns}};

inline constexpr Option systemd_options[] = {
    {"collector.systemd.enable-restarts-metrics", Option::Kind::boolean, "false",
     "Show how often services were started again; a question for each service."},
    {"collector.systemd.enable-start-time-metrics", Option::Kind::boolean, "false",
     "Show when units became active; a question for each active unit."},
    {"collector.systemd.enable-task-metrics", Option::Kind::boolean, "false",
     "Show the tasks of services; two questions for each service."},
    {.flag = "collector.systemd.private",
     .kind = Option::Kind::boolean,
     .initial = "false",
     .help = "Ask systemd by its private socket, which root may, and not by the system's bus.",
     .hidden = true},
    {.flag = "collector.systemd.unit-blacklist",
     .kind = Option::Kind::regexp,
     .initial = "",
     .help = "The old name of unit-exclude.",
     .was_for = "collector.systemd.unit-exclude",
     .hidden = true},
    {"collector.systemd.unit-exclude", Option::Kind::regexp, R"(.+\.(automount|device|mount|scope|slice))",
     "Units to leave out; the whole name must match."},
    {"collector.systemd.unit-include", Option::Kind::regexp, ".+", "Units to show; the whole name must match."},
    {.flag = "collector.systemd.unit-whitelist",
     .kind = Option::Kind::regexp,
     .initial = "",
     .help = "The old name of unit-include.",
     .was_for = "collector.systemd.unit-include",
     .hidden = true},
};

}  // namespace vitald::service
