#include "collectors/process/pressure.hpp"

#include "tests/support/running.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace pressure_test {

using namespace vitald;

namespace {

std::string line(std::string_view kind, std::string_view total) {
  return std::string(kind).append(" avg10=1.50 avg60=0.75 avg300=0.33 total=").append(total).append("\n");
}

// A file of the kernel's that cannot be read: EOPNOTSUPP. A network device without names for its ports has some.
std::string unsupported_file() {
  namespace fs = std::filesystem;
  std::error_code none;
  for (const auto& device : fs::directory_iterator("/sys/class/net", none))
    for (const char* name : {"phys_port_id", "phys_port_name"}) {
      const auto path = device.path() / name;
      errno = 0;
      if (std::ifstream in(path); in && in.get() == EOF && errno == EOPNOTSUPP) return path;
    }
  return {};
}

void write_all(const test::Tree& tree) {
  tree.file("proc/pressure/cpu", line("some", "60200300") + line("full", "5"));
  tree.file("proc/pressure/io", line("some", "71234567") + line("full", "61000500"));
  tree.file("proc/pressure/memory", line("some", "9") + line("full", "0"));
  tree.file("proc/pressure/irq", line("full", "30417"));
}

}  // namespace

TEST_SUITE("process/pressure") {
  TEST_CASE("what a scrape and the API show, to the peer's last digit") {
    test::Tree tree;
    write_all(tree);
    test::Running pressure(tree, "pressure");
    const auto text = pressure.text();
    CHECK(test::lines(text, "node_") ==
          "node_pressure_cpu_waiting_seconds_total 60.200300000000006\n"
          "node_pressure_io_stalled_seconds_total 61.0005\nnode_pressure_io_waiting_seconds_total 71.234567\n"
          "node_pressure_irq_stalled_seconds_total 0.030417000000000003\nnode_pressure_memory_stalled_seconds_total 0\n"
          "node_pressure_memory_waiting_seconds_total 8.999999999999999e-06\n");
    CHECK(test::lines(text, "# TYPE node_pressure_irq") == "# TYPE node_pressure_irq_stalled_seconds_total counter\n");
    CHECK(pressure.json() ==
          R"([{"cpu_waiting_seconds":60.200300000000006,"io_stalled_seconds":61.0005,)"
          R"("io_waiting_seconds":71.234567,"irq_stalled_seconds":0.030417000000000003,"memory_stalled_seconds":0,)"
          R"("memory_waiting_seconds":8.999999999999999e-06}])");
  }

  TEST_CASE("a kernel before 5.13 has no line of all tasks for the processor, one before 6.1 no file of interrupts") {
    test::Tree tree;
    write_all(tree);
    tree.file("proc/pressure/cpu", line("some", "1000000"));
    tree.remove("proc/pressure/irq");
    test::Running pressure(tree, "pressure");
    const auto text = pressure.text();
    CHECK(test::lines(text, "node_pressure_cpu") == "node_pressure_cpu_waiting_seconds_total 1\n");
    CHECK(test::lines(text, "node_pressure_irq").empty());
    tree.file("proc/pressure/irq", line("full", "0"));  // in a copy it may come
    CHECK(test::lines(pressure.text(), "node_pressure_irq") == "node_pressure_irq_stalled_seconds_total 0\n");
  }

  TEST_CASE("from 6.15 on the file of interrupts cannot be read where their time is not accounted") {
    const auto unreadable = unsupported_file();
    if (unreadable.empty()) return;
    test::Tree tree;
    write_all(tree);
    test::Running pressure(tree, "pressure");
    tree.link("proc/pressure/irq", unreadable);
    for (int round = 0; round < 2; ++round) {
      const auto text = pressure.text();
      CHECK(test::lines(text, "node_pressure_irq").empty());
      CHECK(test::lines(text, "node_pressure_cpu") == "node_pressure_cpu_waiting_seconds_total 60.200300000000006\n");
    }
    for (const char* name : {"cpu", "io", "memory"}) {  // all are so without PSI, and that is told
      write_all(tree);
      tree.link(std::string("proc/pressure/") + name, unreadable);
      CHECK(state_of(pressure.collect().error()) == State::unsupported);
      tree.remove(std::string("proc/pressure/") + name);
    }
  }

  TEST_CASE("lines of other kinds are passed by, as the peer does") {
    std::optional<double> some, full;
    const auto both = line("some", "1000000") + line("full", "2000000");
    for (const char* other :
         {"most avg10=0.00 avg60=0.00 avg300=0.00 total=1", "none", "", " ", "\xff", "somewhat 1"}) {
      CHECK_MESSAGE(process::parse_pressure(std::string(other) + "\n" + both, &some, &full).has_value(), other);
      CHECK_MESSAGE(process::parse_pressure(both + other + "\n", &some, &full).has_value(), other);
      CHECK(process::parse_pressure(line("full", "2000000") + other + "\n", &some, &full).has_error());
    }
    CHECK(some == 1);
    CHECK(full == 2);
  }

  TEST_CASE("without any file there is no data") {
    test::Tree tree;
    test::Running pressure(tree, "pressure");
    CHECK(pressure.collect().error().code == Parse::no_data);
    CHECK(state_of(pressure.collect().error()) == State::absent);
    write_all(tree);
    CHECK(pressure.collect().has_value());
  }

  TEST_CASE("a text cut anywhere but at a line's end is a fault, and there, too, where both lines are due") {
    const auto whole = line("some", "12") + line("full", "34");
    std::optional<double> some, full;
    for (std::size_t n = 0; n < whole.size(); ++n) {
      const auto cut = std::string_view(whole).substr(0, n);
      CHECK_MESSAGE(process::parse_pressure(cut, &some, &full).has_error(), n);
      CHECK_MESSAGE(process::parse_pressure(cut, &some, nullptr).has_value() == (n == whole.find('\n') + 1), n);
    }
    CHECK(process::parse_pressure(whole, &some, &full).has_value());
    CHECK(process::parse_pressure(line("some", "12"), nullptr, &full).has_error());
  }

  TEST_CASE("what the kernel does not write is a fault that names its line; more fields are not") {
    std::optional<double> some, full;
    for (const char* text : {"some", "some total=1", "some avg10=x avg60=0.00 avg300=0.00 total=1",
                             "some avg10=0 avg60=0 avg300=0 total=-1", "some avg10=0 avg60=0 avg300=0 total=1.5",
                             "some avg10=0 avg60=0 avg300=0 total=", "some avg10=0 avg60=0 avg300=0",
                             "full avg10=0 avg60=0 avg300=0 total=7", "some avg10=nan avg60=0 avg300=0 total=1"}) {
      const auto done = process::parse_pressure(line("full", "1") + text + "\n", &some, &full);
      REQUIRE_MESSAGE(done.has_error(), text);
      CHECK_MESSAGE(done.error().line == 2, text);
    }
    CHECK(
        process::parse_pressure("some avg10=0.00 avg60=0.00 avg300=0.00 total=1 more=2\n", &some, nullptr).has_value());
    CHECK(*some == 1e-6);
  }

  TEST_CASE("this machine's own files are read again and again, if it has them") {
    test::Tree tree;
    tree.link("proc", "/proc");
    if (::access(tree.path("proc/pressure/cpu").c_str(), R_OK) != 0) return;
    test::Running pressure(tree, "pressure");
    for (int round = 0; round < 3; ++round) CHECK(pressure.text().find("cpu_waiting") != std::string::npos);
  }

  TEST_CASE("a fault in one file fails the collector until the file is whole again") {
    test::Tree tree;
    write_all(tree);
    test::Running pressure(tree, "pressure");
    for (const char* name : {"cpu", "io", "memory", "irq"}) {
      const auto path = std::string("proc/pressure/") + name;
      tree.file(path, "some");
      CHECK(state_of(pressure.collect().error()) == State::parse);
      write_all(tree);
      CHECK(pressure.collect().has_value());
    }
  }
}

}  // namespace pressure_test
