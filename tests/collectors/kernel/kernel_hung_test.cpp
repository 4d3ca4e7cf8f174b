#include "tests/support/allocations.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>

namespace kernel_hung_test {

using namespace vitald;

TEST_SUITE("kernel/kernel_hung") {
  TEST_CASE("what a scrape and the API show") {
    test::Tree tree;
    tree.file("proc/sys/kernel/hung_task_detect_count", "3\n");
    test::Running hung(tree, "kernel_hung");
    const auto text = hung.text();
    CHECK(test::lines(text, "node_") == "node_kernel_hung_tasks_total 3\n");
    CHECK(test::lines(text, "# TYPE") == "# TYPE node_kernel_hung_tasks_total counter\n");
    CHECK(hung.json() == R"([{"hung_tasks":3}])");
    CHECK(test::allocations_of([&] { CHECK(hung.collect().has_value()); }) == 0);
  }

  TEST_CASE("older kernels have no data, what the kernel does not write is a fault, and good text is read again") {
    test::Tree tree;
    test::Running hung(tree, "kernel_hung");
    CHECK(state_of(hung.collect().error()) == State::absent);
    for (const char* text : {"", "3", "\n", "x\n", "-1\n", "2 5\n", "18446744073709551616\n"}) {
      tree.file("proc/sys/kernel/hung_task_detect_count", text);
      CHECK_MESSAGE(state_of(hung.collect().error()) == State::parse, text);
    }
    tree.file("proc/sys/kernel/hung_task_detect_count", "0\n");
    CHECK(test::lines(hung.text(), "node_") == "node_kernel_hung_tasks_total 0\n");
  }
}

}  // namespace kernel_hung_test
