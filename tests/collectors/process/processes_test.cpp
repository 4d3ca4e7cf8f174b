#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace process_processes_test {

using namespace vitald;

namespace {

std::string stat_of(int pid, std::string_view name, char state, int threads) {
  return std::to_string(pid).append(" (").append(name).append(") ").append(1, state).append(
             " 1 1 1 0 -1 0 1 2 3 4 5 6 7 8 20 0 ") +
         std::to_string(threads) + " 0 100 4096 1\n";
}

void write_all(const test::Tree& tree) {
  tree.file("proc/sys/kernel/pid_max", "32768\n");
  tree.file("proc/sys/kernel/threads-max", "7000\n");
  tree.file("proc/1/stat", stat_of(1, "init", 'S', 1));
  tree.file("proc/1/task/1/stat", stat_of(1, "init", 'S', 1));
  tree.file("proc/77/stat", stat_of(77, ") R 1 (", 'S', 3));
  tree.file("proc/77/task/77/stat", stat_of(77, ") R 1 (", 'S', 3));
  tree.file("proc/77/task/78/stat", stat_of(78, "worker\n", 'R', 3));
  tree.file("proc/77/task/79/stat", stat_of(79, "worker", 'D', 3));
  tree.file("proc/90/stat", stat_of(90, "gone", 'Z', 1));
  tree.file("proc/90/task/90/stat", stat_of(90, "gone", 'Z', 1));
}

}  // namespace

TEST_SUITE("process/processes") {
  TEST_CASE("what a scrape and the API show: states that occur, threads apart") {
    test::Tree tree;
    write_all(tree);
    test::Running processes(tree, "processes");
    CHECK(test::lines(processes.text(), "node_") ==
          "node_processes_max_processes 32768\nnode_processes_max_threads 7000\nnode_processes_pids 3\n"
          "node_processes_threads 5\nnode_processes_state{state=\"S\"} 2\nnode_processes_state{state=\"Z\"} 1\n"
          "node_processes_threads_state{thread_state=\"D\"} 1\nnode_processes_threads_state{thread_state=\"R\"} 1\n"
          "node_processes_threads_state{thread_state=\"S\"} 2\nnode_processes_threads_state{thread_state=\"Z\"} 1\n");
    CHECK(processes.json_of("processes_states") == R"([{"state":"S","processes":2},{"state":"Z","processes":1}])");
    CHECK(processes.json_of("processes") == R"([{"max_processes":32768,"max_threads":7000,"pids":3,"threads":5}])");
    CHECK(test::allocations_of([&] { CHECK(processes.collect().has_value()); }) == 0);
  }

  TEST_CASE("processes and threads that go away meanwhile are no fault") {
    test::Tree tree;
    write_all(tree);
    tree.remove("proc/1/stat");
    tree.remove("proc/77/task/78/stat");
    tree.remove("proc/90/task");
    test::Running processes(tree, "processes");
    const auto text = processes.text();
    CHECK(test::lines(text, "node_processes_pids") == "node_processes_pids 2\n");
    CHECK(test::lines(text, "node_processes_threads_state") ==
          "node_processes_threads_state{thread_state=\"D\"} 1\nnode_processes_threads_state{thread_state=\"S\"} 1\n");
  }

  TEST_CASE("a stat that no kernel writes, and a limit that is missing, fail it until they are right again") {
    test::Tree tree;
    write_all(tree);
    test::Running processes(tree, "processes");
    for (const char* path : {"proc/77/stat", "proc/77/task/79/stat", "proc/sys/kernel/pid_max"}) {
      tree.file(path, "5 (x\n");
      CHECK_MESSAGE(state_of(processes.collect().error()) == State::parse, path);
      write_all(tree);
      CHECK(processes.collect().has_value());
    }
    tree.remove("proc/sys/kernel/threads-max");
    CHECK(state_of(processes.collect().error()) == State::absent);
  }

  TEST_CASE("this machine's processes are counted again and again") {
    test::Tree tree;
    tree.link("proc", "/proc");
    test::Running processes(tree, "processes");
    for (int round = 0; round < 3; ++round)
      CHECK(processes.text().find("node_processes_threads_state{thread_state=\"") != std::string::npos);
  }
}

}  // namespace process_processes_test
