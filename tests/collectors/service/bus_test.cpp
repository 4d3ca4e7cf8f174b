#include "collectors/service/bus.hpp"

#include "tests/support/fake_systemd.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

namespace bus_test {

using namespace vitald;
using service::Bus;

namespace {

int found;          // what there is at the library's own place: 0, or errno below zero
std::string asked;  // where else it was looked for
int as_client;

struct NoAddress {
  NoAddress() { ::unsetenv("DBUS_SYSTEM_BUS_ADDRESS"); }
  test::BusAddress before{"unix:path=/nowhere"};  // for what was there to come back
};

// A library that finds nothing.
service::SdBus library() {
  found = -ENOENT;
  asked.clear();
  as_client = -1;
  service::SdBus made;
  made.open_system = [](sd_bus**) { return found; };
  made.make = [](sd_bus**) { return 0; };
  made.set_address = [](sd_bus*, const char* address) { return asked = address, 0; };
  made.set_bus_client = [](sd_bus*, int wanted) { return as_client = wanted, 0; };
  made.start = [](sd_bus*) { return -ECONNREFUSED; };
  made.unref = [](sd_bus* bus) { return bus; };
  return made;
}

}  // namespace

TEST_SUITE("service/bus") {
  TEST_CASE("where the library finds no bus, it is looked for where the peer looks, as one of its clients") {
    const NoAddress unnamed;
    const auto fake = library();
    Bus bus(fake, Bus::Clock::now());
    const auto opened = bus.open_system();
    CHECK(opened.error().code.value() == ECONNREFUSED);
    CHECK(asked == "unix:path=/var/run/dbus/system_bus_socket");
    CHECK(as_client == 1);
  }

  TEST_CASE("a bus that is there and refuses, or that was named, is the only one") {
    const auto fake = library();
    Bus bus(fake, Bus::Clock::now());
    {
      const NoAddress unnamed;
      found = -EACCES;
      CHECK(bus.open_system().error().code.value() == EACCES);
    }
    const test::BusAddress named("unix:path=/nowhere");
    found = -ENOENT;
    CHECK(bus.open_system().error().code.value() == ENOENT);
    CHECK(asked.empty());
  }

  TEST_CASE("a private socket has no bus behind it") {
    const auto fake = library();
    Bus bus(fake, Bus::Clock::now());
    CHECK(bus.open_socket("/a b").has_error());
    CHECK(asked == "unix:path=/a%20b");
    CHECK(as_client == 0);
  }
}

}  // namespace bus_test
