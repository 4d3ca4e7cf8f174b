#include "collectors/service/sd_bus.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/broken_file.hpp"
#include "tests/support/fake_systemd.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <filesystem>

namespace systemd_test {

using namespace vitald;
using test::FakeSystemd;
using test::lines;
using test::Running;

namespace {

const test::Flags usual = {{"collector.deadline", "5s"}};
const test::Flags impatient = {{"collector.deadline", "150ms"}};
const test::Flags everything = {{"collector.systemd.enable-restarts-metrics", "true"},
                                {"collector.systemd.enable-start-time-metrics", "true"},
                                {"collector.systemd.enable-task-metrics", "true"},
                                {"collector.systemd.unit-exclude", ""},
                                {"collector.deadline", "5s"}};

struct World {
  test::Tree tree;
  test::PrivateBus bus;
  FakeSystemd systemd;

  void tell(std::initializer_list<const char*> orders) {
    for (const auto* order : orders) systemd.tell(order);
  }
  void small() {
    tell({"property manager Manager Version s 252.38-1~deb12u1", "property manager Manager Virtualization s kvm",
          "property manager Manager SystemState s degraded", "unit ssh.service loaded active",
          "property ssh.service Service Type s notify", "unit cron.service loaded failed",
          "property cron.service Service Type s simple", "unit logrotate.timer loaded active",
          "property logrotate.timer Timer LastTriggerUSec t 1700000000123456", "unit dbus.socket loaded active",
          "property dbus.socket Socket NAccepted u 7", "property dbus.socket Socket NConnections u 3",
          "property dbus.socket Socket NRefused u 1", "unit home.mount loaded active",
          "property home.mount Mount Type s ext4", "unit gone.service not-found inactive"});
  }
};

std::size_t descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

State state_of(Running& systemd) {
  const auto done = systemd.collect();
  return done ? State::ok : vitald::state_of(done.error());
}

constexpr std::string_view small_page =
    "# HELP node_systemd_system_running 1 where all units do as they shall, else 0.\n"
    "# TYPE node_systemd_system_running gauge\nnode_systemd_system_running 0\n"
    "# HELP node_systemd_version Systemd's version.\n# TYPE node_systemd_version gauge\n"
    "node_systemd_version{version=\"252.38-1~deb12u1\"} 252.38\n"
    "# HELP node_systemd_virtualization_info What systemd takes the machine for.\n"
    "# TYPE node_systemd_virtualization_info gauge\nnode_systemd_virtualization_info{virtualization_type=\"kvm\"} 1\n"
    "# HELP node_systemd_units Units in each state.\n# TYPE node_systemd_units gauge\n"
    "node_systemd_units{state=\"activating\"} 0\nnode_systemd_units{state=\"active\"} 4\n"
    "node_systemd_units{state=\"deactivating\"} 0\nnode_systemd_units{state=\"failed\"} 1\n"
    "node_systemd_units{state=\"inactive\"} 1\n"
    "# HELP node_systemd_socket_accepted_connections_total Connections that were accepted.\n"
    "# TYPE node_systemd_socket_accepted_connections_total counter\n"
    "node_systemd_socket_accepted_connections_total{name=\"dbus.socket\"} 7\n"
    "# HELP node_systemd_socket_current_connections Connections that are open.\n"
    "# TYPE node_systemd_socket_current_connections gauge\n"
    "node_systemd_socket_current_connections{name=\"dbus.socket\"} 3\n"
    "# HELP node_systemd_socket_refused_connections_total Connections that were refused.\n"
    "# TYPE node_systemd_socket_refused_connections_total gauge\n"
    "node_systemd_socket_refused_connections_total{name=\"dbus.socket\"} 1\n"
    "# HELP node_systemd_timer_last_trigger_seconds When the timer last started its unit, in seconds since 1970.\n"
    "# TYPE node_systemd_timer_last_trigger_seconds gauge\n"
    "node_systemd_timer_last_trigger_seconds{name=\"logrotate.timer\"} 1700000000.123456\n"
    "# HELP node_systemd_unit_state 1 for the state that the unit is in.\n# TYPE node_systemd_unit_state gauge\n"
    "node_systemd_unit_state{name=\"cron.service\",state=\"activating\",type=\"simple\"} 0\n"
    "node_systemd_unit_state{name=\"dbus.socket\",state=\"activating\",type=\"\"} 0\n"
    "node_systemd_unit_state{name=\"logrotate.timer\",state=\"activating\",type=\"\"} 0\n"
    "node_systemd_unit_state{name=\"ssh.service\",state=\"activating\",type=\"notify\"} 0\n"
    "node_systemd_unit_state{name=\"cron.service\",state=\"active\",type=\"simple\"} 0\n"
    "node_systemd_unit_state{name=\"dbus.socket\",state=\"active\",type=\"\"} 1\n"
    "node_systemd_unit_state{name=\"logrotate.timer\",state=\"active\",type=\"\"} 1\n"
    "node_systemd_unit_state{name=\"ssh.service\",state=\"active\",type=\"notify\"} 1\n"
    "node_systemd_unit_state{name=\"cron.service\",state=\"deactivating\",type=\"simple\"} 0\n"
    "node_systemd_unit_state{name=\"dbus.socket\",state=\"deactivating\",type=\"\"} 0\n"
    "node_systemd_unit_state{name=\"logrotate.timer\",state=\"deactivating\",type=\"\"} 0\n"
    "node_systemd_unit_state{name=\"ssh.service\",state=\"deactivating\",type=\"notify\"} 0\n"
    "node_systemd_unit_state{name=\"cron.service\",state=\"failed\",type=\"simple\"} 1\n"
    "node_systemd_unit_state{name=\"dbus.socket\",state=\"failed\",type=\"\"} 0\n"
    "node_systemd_unit_state{name=\"logrotate.timer\",state=\"failed\",type=\"\"} 0\n"
    "node_systemd_unit_state{name=\"ssh.service\",state=\"failed\",type=\"notify\"} 0\n"
    "node_systemd_unit_state{name=\"cron.service\",state=\"inactive\",type=\"simple\"} 0\n"
    "node_systemd_unit_state{name=\"dbus.socket\",state=\"inactive\",type=\"\"} 0\n"
    "node_systemd_unit_state{name=\"logrotate.timer\",state=\"inactive\",type=\"\"} 0\n"
    "node_systemd_unit_state{name=\"ssh.service\",state=\"inactive\",type=\"notify\"} 0\n";

}  // namespace

TEST_SUITE("service/systemd") {
  TEST_CASE("what a scrape shows of a few units") {
    if (!test::PrivateBus::can()) return;
    World world;
    world.small();
    Running systemd(world.tree, "systemd", usual);
    CHECK(systemd.text() == small_page);
    CHECK(world.systemd.calls() == 10);  // the list, three of the manager, and one or three for each unit that is kept
  }

  TEST_CASE("with all switched on, every family") {
    if (!test::PrivateBus::can()) return;
    World world;
    world.small();
    world.tell({"property ssh.service Service NRestarts u 4", "property ssh.service Service TasksCurrent t 5",
                "property ssh.service Service TasksMax t 18446744073709551615",
                "property ssh.service Unit ActiveEnterTimestamp t 1700000001000000",
                "property cron.service Service NRestarts u 0",
                "property cron.service Service TasksCurrent t 18446744073709551615",
                "property cron.service Service TasksMax t 4915",
                "property cron.service Unit ActiveEnterTimestamp t 1600000000000000",
                "property manager Manager SystemState s running"});
    Running systemd(world.tree, "systemd", everything);
    const auto text = systemd.text();
    CHECK(lines(text, "node_systemd_service_restart_total") ==
          "node_systemd_service_restart_total{name=\"cron.service\"} 0\n"
          "node_systemd_service_restart_total{name=\"ssh.service\"} 4\n");
    CHECK(lines(text, "node_systemd_unit_tasks") ==
          "node_systemd_unit_tasks_current{name=\"ssh.service\"} 5\n"
          "node_systemd_unit_tasks_max{name=\"cron.service\"} 4915\n");
    // Active units that do not tell are left out; those that are not active began at 0, whatever they tell.
    CHECK(lines(text, "node_systemd_unit_start") ==
          "node_systemd_unit_start_time_seconds{name=\"cron.service\"} 0\n"
          "node_systemd_unit_start_time_seconds{name=\"ssh.service\"} "
          "1700000001\n");
    CHECK(lines(text, "node_systemd_system_running") == "node_systemd_system_running 1\n");
    CHECK(lines(text, "node_systemd_unit_state{name=\"home.mount\",state=\"active\"") ==
          "node_systemd_unit_state{name=\"home.mount\",state=\"active\",type=\"ext4\"} 1\n");
    CHECK(systemd.json().starts_with(
        R"([{"version":"252.38-1~deb12u1","virtualization_type":"kvm","running":1,"version_number":252.38}])"
        R"([{"state":"activating","units":0},{"state":"active","units":4},{"state":"deactivating","units":0},)"
        R"({"state":"failed","units":1},{"state":"inactive","units":1}])"
        R"([{"name":"cron.service","type":"simple","restarts":0,"accepted_connections":null,)"
        R"("current_connections":null,"refused_connections":null,"last_trigger_seconds":null,"start_time_seconds":0,)"
        R"("activating":0,"active":0,"deactivating":0,"failed":1,"inactive":0,"tasks_current":null,"tasks_max":4915})"));
  }

  TEST_CASE("patterns must match the whole name, and units that are not loaded are only counted") {
    if (!test::PrivateBus::can()) return;
    World world;
    world.small();
    const auto shown = [&](const char* include, const char* exclude) {
      Running systemd(world.tree, "systemd",
                      {{"collector.systemd.unit-include", include}, {"collector.systemd.unit-exclude", exclude}});
      std::string names;
      const auto text = systemd.text();
      CHECK(lines(text, "node_systemd_units{state=\"active\"}") == "node_systemd_units{state=\"active\"} 4\n");
      const auto active = lines(text, "node_systemd_unit_state");
      for (const char* name : {"cron.service", "dbus.socket", "gone.service", "home.mount", "ssh.service"})
        if (active.find(name) != active.npos) names.append(names.empty() ? "" : " ").append(name);
      return names;
    };
    CHECK(shown(".+", "") == "cron.service dbus.socket home.mount ssh.service");
    CHECK(shown("ssh|cron.service", "") == "cron.service");
    CHECK(shown("ssh", "") == "");
    CHECK(shown("", "") == "");
    CHECK(shown(".*\\.(service|mount)", "home.mount|s") == "cron.service ssh.service");
  }

  TEST_CASE("names that systemd escapes, names it would not take, and states it may learn") {
    if (!test::PrivateBus::can()) return;
    World world;
    world.small();
    world.tell({"forget", "unit a\\x2db@\"ü\".service loaded reloading",
                "property a\\x2db@\"ü\".service Service Type s exec", "unit 1.service loaded maintenance",
                "unit .service loaded active", "unit 2.timer loaded inactive"});
    Running systemd(world.tree, "systemd", usual);
    const auto text = systemd.text();
    CHECK(lines(text, "node_systemd_units") ==
          "node_systemd_units{state=\"activating\"} 0\nnode_systemd_units{state=\"active\"} 1\n"
          "node_systemd_units{state=\"deactivating\"} 0\nnode_systemd_units{state=\"failed\"} 0\n"
          "node_systemd_units{state=\"inactive\"} 1\nnode_systemd_units{state=\"reloading\"} 1\n"
          "node_systemd_units{state=\"maintenance\"} 1\n");
    CHECK(lines(text, "node_systemd_unit_state{name=\"a") ==
          R"(node_systemd_unit_state{name="a\\x2db@\"ü\".service",state="activating",type="exec"} 0
node_systemd_unit_state{name="a\\x2db@\"ü\".service",state="active",type="exec"} 0
node_systemd_unit_state{name="a\\x2db@\"ü\".service",state="deactivating",type="exec"} 0
node_systemd_unit_state{name="a\\x2db@\"ü\".service",state="failed",type="exec"} 0
node_systemd_unit_state{name="a\\x2db@\"ü\".service",state="inactive",type="exec"} 0
)");
    CHECK(lines(text, "node_systemd_unit_state{name=\".service\",state=\"active\"") ==
          "node_systemd_unit_state{name=\".service\",state=\"active\",type=\"\"} 1\n");
    // It told neither version nor state: as old as can be.
    CHECK(lines(text, "node_systemd_v") ==
          "node_systemd_version{version=\"\"} 0\n"
          "node_systemd_virtualization_info{virtualization_type=\"unknown\"} 1\n");
    CHECK(lines(text, "node_systemd_system_running") == "");
    CHECK(lines(text, "node_systemd_timer") == "");
  }

  TEST_CASE("versions as distributions write them") {
    if (!test::PrivateBus::can()) return;
    World world;
    world.small();
    Running systemd(world.tree, "systemd", usual);
    const auto version = [&](const std::string& told) {
      world.systemd.tell("property manager Manager Version s " + told);
      return lines(systemd.text(), "node_systemd_version");
    };
    CHECK(version("257.7-1.fc42") == "node_systemd_version{version=\"257.7-1.fc42\"} 257.7\n");
    CHECK(version("v260~rc1") == "node_systemd_version{version=\"v260~rc1\"} 260\n");
    CHECK(version("1:239.") == "node_systemd_version{version=\"1:239.\"} 239\n");
    CHECK(version("12.345.6") == "node_systemd_version{version=\"12.345.6\"} 345.6\n");
    CHECK(version("49") == "node_systemd_version{version=\"\"} 0\n");
    CHECK(version("") == "node_systemd_version{version=\"\"} 0\n");
    CHECK(version("209") == "node_systemd_version{version=\"209\"} 209\n");
    CHECK(lines(systemd.text(), "node_systemd_timer") == "");
    CHECK(lines(systemd.text(), "node_systemd_system_running") == "");
    world.systemd.tell("property manager Manager Virtualization s ");
    CHECK(lines(systemd.text(), "node_systemd_virt") ==
          "node_systemd_virtualization_info{virtualization_type=\"none\"} 1\n");
  }

  TEST_CASE("an error for one property is no sample of it, one for the list or the state is a fault") {
    if (!test::PrivateBus::can()) return;
    World world;
    world.small();
    world.tell({"error NRefused org.freedesktop.DBus.Error.UnknownProperty", "error Type org.freedesktop.systemd1.Odd",
                "error LastTriggerUSec org.freedesktop.DBus.Error.AccessDenied"});
    Running systemd(world.tree, "systemd", usual);
    auto text = systemd.text();
    CHECK(lines(text, "node_systemd_socket") ==
          "node_systemd_socket_accepted_connections_total{name=\"dbus.socket\"} 7\n"
          "node_systemd_socket_current_connections{name=\"dbus.socket\"} 3\n");
    CHECK(lines(text, "node_systemd_timer") == "");
    CHECK(lines(text, "node_systemd_unit_state{name=\"ssh.service\",state=\"active\"") ==
          "node_systemd_unit_state{name=\"ssh.service\",state=\"active\",type=\"\"} 1\n");
    world.systemd.tell("error NAccepted org.freedesktop.DBus.Error.Failed");
    CHECK(lines(systemd.text(), "node_systemd_socket") == "");
    world.systemd.tell("error ListUnits org.freedesktop.DBus.Error.AccessDenied");
    CHECK(state_of(systemd) == State::permission);
    CHECK(to_string(systemd.collect().error()) == "systemd: ListUnits: Permission denied");
    world.small();
    world.tell({"forget", "error SystemState org.freedesktop.systemd1.Odd", "property manager Manager Version s 252"});
    CHECK(state_of(systemd) == State::parse);
  }

  TEST_CASE("a property of another type is a fault") {
    if (!test::PrivateBus::can()) return;
    World world;
    world.small();
    Running systemd(world.tree, "systemd", usual);
    for (const char* odd :
         {"property ssh.service Service Type u 1", "property dbus.socket Socket NAccepted t 7",
          "property logrotate.timer Timer LastTriggerUSec s now", "property manager Manager Version t 252"}) {
      world.systemd.tell(odd);
      CHECK_MESSAGE(to_string(systemd.collect().error()) == "D-Bus: a property: the layout is not known", odd);
      world.systemd.tell("forget");
      world.small();
      CHECK_MESSAGE(systemd.text() == small_page, odd);
    }
  }

  TEST_CASE("one that does not answer costs the deadline, and nothing once it does") {
    if (!test::PrivateBus::can()) return;
    World world;
    Running systemd(world.tree, "systemd", impatient);
    for (const char* what : {"hang ListUnits", "hang Type", "hang SystemState", "hang Version"}) {
      world.small();
      world.systemd.tell(what);
      const auto start = std::chrono::steady_clock::now();
      CHECK_MESSAGE(state_of(systemd) == State::timeout, what);
      const auto took = std::chrono::steady_clock::now() - start;
      CHECK(took >= std::chrono::milliseconds(150));
      CHECK(took < std::chrono::seconds(2));
      world.systemd.tell("forget");
    }
    world.small();
    CHECK(Running(world.tree, "systemd", usual).text() == small_page);
  }

  TEST_CASE("a bus that does not answer costs the deadline, too") {
    if (!test::PrivateBus::can()) return;
    World world;
    world.small();
    Running systemd(world.tree, "systemd", impatient);
    ::kill(world.bus.pid(), SIGSTOP);
    CHECK(state_of(systemd) == State::timeout);
    ::kill(world.bus.pid(), SIGCONT);
    CHECK(Running(world.tree, "systemd", usual).text() == small_page);
  }

  TEST_CASE("systemd and the bus may go away and return") {
    if (!test::PrivateBus::can()) return;
    World world;
    world.small();
    Running systemd(world.tree, "systemd", usual);
    CHECK(systemd.text() == small_page);
    world.systemd.tell("leave");
    CHECK(state_of(systemd) == State::absent);
    CHECK(to_string(systemd.collect().error()) == "systemd: the manager: No such device or address");
    world.systemd.tell("return");
    CHECK(systemd.text() == small_page);
    world.bus.stop();
    CHECK(systemd.collect().has_error());
    CHECK(to_string(systemd.collect().error()).starts_with("D-Bus: the system's bus: "));
    world.bus.start();
    CHECK(state_of(systemd) == State::absent);
    FakeSystemd another;
    another.tell("unit x.service loaded active");
    CHECK(lines(systemd.text(), "node_systemd_units{state=\"active\"") == "node_systemd_units{state=\"active\"} 1\n");
  }

  TEST_CASE("a private socket, without a bus between") {
    if (!test::PrivateBus::can()) return;
    test::Tree tree;
    const test::BusAddress nowhere("unix:path=" + tree.path("nowhere"));
    tree.dir("run/systemd");
    Running systemd(tree, "systemd", {{"collector.systemd.private", "true"}, {"collector.deadline", "2s"}});
    CHECK(state_of(systemd) == State::absent);
    CHECK(to_string(systemd.collect().error()) == "D-Bus: a private socket: No such file or directory");
    FakeSystemd fake(tree.path("run/systemd/private"));
    fake.tell("unit x.service loaded active");
    const std::string one = "node_systemd_units{state=\"active\"} 1\n";
    CHECK(lines(systemd.text(), "node_systemd_units{state=\"active\"") == one);
    fake.tell("drop Type");
    CHECK(systemd.collect().has_error());
    fake.tell("forget");
    fake.tell("unit x.service loaded active");
    CHECK(lines(systemd.text(), "node_systemd_units{state=\"active\"") == one);
    // Root asks there also where there is no bus.
    Running other(tree, "systemd", usual);
    if (::geteuid() == 0) CHECK(lines(other.text(), "node_systemd_units{state=\"active\"") == one);
    tree.remove("run/systemd/private");
    CHECK(to_string(other.collect().error()) == "D-Bus: the system's bus: No such file or directory");
  }

  TEST_CASE("as many units as there may be, and one more") {
    if (!test::PrivateBus::can()) return;
    World world;
    world.small();
    for (int i = 0; i < 2000; ++i) {
      const auto name = "u" + std::to_string(i) + ".service";
      world.systemd.tell("unit " + name + " loaded active");
      world.systemd.tell("property " + name + " Service Type s simple");
    }
    Running systemd(world.tree, "systemd", usual);
    CHECK(lines(systemd.text(), "node_systemd_units{state=\"active\"") ==
          "node_systemd_units{state=\"active\"} 2004\n");
    for (int i = 0; i < 16384 - 2000; ++i) world.systemd.tell("unit v" + std::to_string(i) + ".target loaded active");
    CHECK(to_string(systemd.collect().error()) == "systemd: ListUnits: it is larger than its limit");
    Running few(world.tree, "systemd", {{"collector.systemd.unit-include", "v1.\\.target"}});
    CHECK(lines(few.text(), "node_systemd_unit_state").size() > 2000);
  }

  TEST_CASE("a warm reading allocates nothing of ours, and nothing leaks") {
    if (!test::PrivateBus::can()) return;
    World world;
    world.small();
    Running systemd(world.tree, "systemd", everything);
    for (int i = 0; i < 50; ++i) REQUIRE(systemd.collect().has_value());
    const auto open = descriptors();
    const test::Growth growth;
    CHECK(test::allocations_of([&] { CHECK(systemd.collect().has_value()); }) == 0);
    for (int i = 0; i < 200; ++i) REQUIRE(systemd.collect().has_value());
    world.systemd.tell("leave");
    for (int i = 0; i < 200; ++i) REQUIRE(systemd.collect().has_error());
    CHECK(descriptors() == open);
    CHECK(growth.kib() < 1024);
  }

  TEST_CASE("a machine without the library") {
    const auto loaded = service::load_sd_bus("libsystemd.so.999");
    REQUIRE(loaded.has_error());
    CHECK(vitald::state_of(loaded.error()) == State::unsupported);
    CHECK(to_string(loaded.error()) == "libsystemd.so.999: Operation not supported");
    CHECK(service::load_sd_bus("libc.so.6").has_error());  // a library, but not that one
  }
}

}  // namespace systemd_test
