#include "tests/support/running.hpp"

#include "http/encode/exposition.hpp"

#include <doctest/doctest.h>

namespace process_groups_test {

using namespace vitald;
using Kind = GroupRules::Part::Kind;

namespace {

struct Made {  // a process of a copy of /proc
  int pid = 100;
  std::string name = "worker";
  int parent = 1, start = 5000, user = 0, threads = 1;
  char state = 'S';
};

std::string stat_of(const Made& p) {
  return std::to_string(p.pid) + " (" + p.name + ") " + p.state + " " + std::to_string(p.parent) +
         " 1 1 0 -1 0 11 0 12 0 " + std::to_string(p.user) + " 50 0 0 20 0 " + std::to_string(p.threads) + " 0 " +
         std::to_string(p.start) + " 4096 2\n";
}

std::string status_of(int switches) {
  return "Uid:\t0\t0\t0\t0\nVmSwap:\t3 kB\nvoluntary_ctxt_switches:\t" + std::to_string(switches) +
         "\nnonvoluntary_ctxt_switches:\t1\n";
}

// The collector on a tree, with rules.
struct Groups {
  explicit Groups(GroupRules rules, const test::Flags& flags = {}) : rules_(std::move(rules)) {
    tree.file("proc/stat", "cpu 1\nbtime 1000\n");
    const auto& entry = test::entry("process_groups");
    for (const auto& option : entry.options) world.options.declare(option);
    test::give(world.options, flags);
    world.environment.group_rules = &rules_;
    collector = entry.make(world.environment);
  }
  void put(const Made& p, int switches = 7) const {
    const auto folder = "proc/" + std::to_string(p.pid) + "/";
    tree.file(folder + "stat", stat_of(p));
    tree.file(folder + "status", status_of(switches));
    tree.file(folder + "cmdline", p.name);
    tree.file(folder + "limits", "Max open files            10                 20               files     \n");
    tree.file(folder + "fd/0", "");
    tree.file(folder + "fd/1", "");
    tree.file(folder + "smaps_rollup", "Pss: 4 kB\nSwapPss: 1 kB\n");
    tree.file(folder + "io", "read_bytes: " + std::to_string(p.user * 10) + "\nwrite_bytes: 3\n");
  }
  void thread(int pid, const Made& t, int switches) const {
    const auto folder = "proc/" + std::to_string(pid) + "/task/" + std::to_string(t.pid) + "/";
    tree.file(folder + "stat", stat_of(t));
    tree.file(folder + "status", status_of(switches));
    tree.file(folder + "io", "read_bytes: 1\nwrite_bytes: 2\n");
    tree.file(folder + "wchan", "do_wait");
  }
  void gone(int pid) const { tree.remove("proc/" + std::to_string(pid)); }
  std::string text() {
    page.rewind();
    const auto done = collector->collect(page);
    REQUIRE(done.has_value());
    Out out;
    encode::Exposition exposition;
    page.each([&](const Rows& rows) { exposition.write(rows, out); });
    return std::string(out.view());
  }
  std::string lines(std::string_view start) {
    return test::lines(text(), std::string("namedprocess_namegroup_").append(start));
  }

  test::Tree tree;
  test::World world{tree};
  std::unique_ptr<Collector> collector;
  Page page;

 private:
  GroupRules rules_;
};

GroupRules by_comm(const std::vector<std::string>& names) {
  GroupRules rules;
  for (const auto& name : names) rules.rules.push_back({{{Kind::text, "g-" + name}}, {name}, {}, {}});
  return rules;
}
GroupRules each_by_comm() { return {{{{{Kind::comm}}, {}, {}, {"."}}}}; }

const std::string cpu_user = "cpu_seconds_total{groupname=\"g-worker\",mode=\"user\"}";
const std::string family = "namedprocess_namegroup_";

}  // namespace

TEST_SUITE("process/process_groups") {
  TEST_CASE("what a scrape shows of a process that was there before us, and of one that came later") {
    Groups groups(by_comm({"worker"}));
    groups.put({.user = 300});
    CHECK(test::lines(groups.text(), family) ==
          family + "num_procs{groupname=\"g-worker\"} 1\n" + family +
              "cpu_seconds_total{groupname=\"g-worker\",mode=\"system\"} 0\n" + family + cpu_user + " 0\n" + family +
              "read_bytes_total{groupname=\"g-worker\"} 0\n" + family +
              "write_bytes_total{groupname=\"g-worker\"} 0\n" + family +
              "major_page_faults_total{groupname=\"g-worker\"} 0\n" + family +
              "minor_page_faults_total{groupname=\"g-worker\"} 0\n" + family +
              "context_switches_total{ctxswitchtype=\"nonvoluntary\",groupname=\"g-worker\"} 0\n" + family +
              "context_switches_total{ctxswitchtype=\"voluntary\",groupname=\"g-worker\"} 0\n" + family +
              "memory_bytes{groupname=\"g-worker\",memtype=\"resident\"} 8192\n" + family +
              "memory_bytes{groupname=\"g-worker\",memtype=\"virtual\"} 4096\n" + family +
              "memory_bytes{groupname=\"g-worker\",memtype=\"swapped\"} 3072\n" + family +
              "memory_bytes{groupname=\"g-worker\",memtype=\"proportionalResident\"} 4096\n" + family +
              "memory_bytes{groupname=\"g-worker\",memtype=\"proportionalSwapped\"} 1024\n" + family +
              "open_filedesc{groupname=\"g-worker\"} 2\n" + family + "worst_fd_ratio{groupname=\"g-worker\"} 0.2\n" +
              family + "oldest_start_time_seconds{groupname=\"g-worker\"} 1050\n" + family +
              "num_threads{groupname=\"g-worker\"} 1\n" + family +
              "states{groupname=\"g-worker\",state=\"Running\"} 0\n" + family +
              "states{groupname=\"g-worker\",state=\"Sleeping\"} 1\n" + family +
              "states{groupname=\"g-worker\",state=\"Waiting\"} 0\n" + family +
              "states{groupname=\"g-worker\",state=\"Zombie\"} 0\n" + family +
              "states{groupname=\"g-worker\",state=\"Other\"} 0\n");
    groups.put({.pid = 200, .user = 150});  // from its own start
    groups.put({.user = 400}, 10);
    const auto text = groups.text();
    CHECK(test::lines(text, family + cpu_user) == family + cpu_user + " 2.5\n");
    CHECK(test::lines(text, family + "read_bytes") == family + "read_bytes_total{groupname=\"g-worker\"} 2500\n");
    CHECK(test::lines(text, family + "context_switches_total{ctxswitchtype=\"v") ==
          family + "context_switches_total{ctxswitchtype=\"voluntary\",groupname=\"g-worker\"} 10\n");
    CHECK(
        test::lines(text, "namedprocess_scrape") ==
        "namedprocess_scrape_errors 0\nnamedprocess_scrape_procread_errors 0\nnamedprocess_scrape_partial_errors 0\n");
    CHECK(test::lines(text, "# TYPE namedprocess_scrape_errors") == "# TYPE namedprocess_scrape_errors counter\n");
  }

  TEST_CASE("counters never go back: who ends leaves his part, and a number used again is another process") {
    Groups groups(by_comm({"worker"}));
    groups.lines("");
    groups.put({.pid = 100, .user = 100});
    groups.put({.pid = 200, .user = 100});
    CHECK(groups.lines(cpu_user) == family + cpu_user + " 2\n");
    groups.gone(100);
    CHECK(groups.lines(cpu_user) == family + cpu_user + " 2\n");
    groups.put({.pid = 200, .start = 6000, .user = 30});  // another one
    CHECK(groups.lines(cpu_user) == family + cpu_user + " 2.3\n");
    groups.gone(200);
    CHECK(groups.lines(cpu_user) == family + cpu_user + " 2.3\n");
    CHECK(groups.lines("num_procs") == family + "num_procs{groupname=\"g-worker\"} 0\n");
    CHECK(groups.lines("oldest_start").empty());
  }

  TEST_CASE("threads: by name, each state once; one that ends does not wrap the sum") {
    Groups groups(by_comm({"worker"}));
    groups.lines("");
    groups.put({.threads = 3});
    groups.thread(100, {.user = 10}, 100);
    groups.thread(100, {.pid = 101, .name = "pool) R (", .user = 20, .state = 'R'}, 200);
    groups.thread(100, {.pid = 102, .name = "pool) R (", .user = 30, .state = 'D'}, 300);
    const auto voluntary = "context_switches_total{ctxswitchtype=\"voluntary\",groupname=\"g-worker\"}";
    auto text = groups.text();
    CHECK(test::lines(text, family + "context_switches_total{ctxswitchtype=\"v") == family + voluntary + " 600\n");
    CHECK(test::lines(text, family + "thread_count") ==
          family + "thread_count{groupname=\"g-worker\",threadname=\"pool) R (\"} 2\n" + family +
              "thread_count{groupname=\"g-worker\",threadname=\"worker\"} 1\n");
    CHECK(
        test::lines(text, family + "thread_cpu_seconds_total{groupname=\"g-worker\",mode=\"user\",threadname=\"pool") ==
        family + "thread_cpu_seconds_total{groupname=\"g-worker\",mode=\"user\",threadname=\"pool) R (\"} 0.5\n");
    CHECK(test::lines(text, family + "threads_wchan") ==
          family + "threads_wchan{groupname=\"g-worker\",wchan=\"do_wait\"} 3\n");
    CHECK(test::lines(text, family + "states{groupname=\"g-worker\",state=\"S") ==
          family + "states{groupname=\"g-worker\",state=\"Sleeping\"} 1\n");
    CHECK(test::lines(text, family + "states{groupname=\"g-worker\",state=\"R") ==
          family + "states{groupname=\"g-worker\",state=\"Running\"} 1\n");
    groups.gone(100);
    groups.put({.threads = 2});
    groups.thread(100, {.user = 10}, 110);
    groups.thread(100, {.pid = 101, .name = "pool) R (", .start = 9000, .user = 1}, 5);  // another thread
    text = groups.text();
    CHECK(test::lines(text, family + "context_switches_total{ctxswitchtype=\"v") == family + voluntary + " 615\n");
    CHECK(
        test::lines(text, family + "thread_cpu_seconds_total{groupname=\"g-worker\",mode=\"user\",threadname=\"pool") ==
        family + "thread_cpu_seconds_total{groupname=\"g-worker\",mode=\"user\",threadname=\"pool) R (\"} 0.51\n");
  }

  TEST_CASE("children join their nearest ancestor that is in a group; those of nobody never do") {
    Groups groups(by_comm({"worker"}));
    groups.put({.pid = 1, .name = "init", .parent = 0});
    groups.put({.pid = 300});
    groups.put({.pid = 20, .name = "sh", .parent = 300, .start = 5001});
    groups.put({.pid = 10, .name = "sleep", .parent = 20, .start = 5002});
    groups.put({.pid = 400, .name = "sleep", .parent = 1, .start = 5002});
    groups.put({.pid = 401, .name = "sleep", .parent = 300, .start = 4000});  // older than its parent
    CHECK(groups.lines("num_procs") == family + "num_procs{groupname=\"g-worker\"} 3\n");
    groups.put({.pid = 400, .name = "worker", .parent = 1, .start = 5002});  // exec: it was asked once
    CHECK(groups.lines("num_procs") == family + "num_procs{groupname=\"g-worker\"} 3\n");
    Groups alone(by_comm({"worker"}), {{"process.children", "false"}});
    alone.put({.pid = 300});
    alone.put({.pid = 20, .name = "sh", .parent = 300, .start = 5001});
    CHECK(alone.lines("num_procs") == family + "num_procs{groupname=\"g-worker\"} 1\n");
    alone.put({.pid = 20, .name = "worker", .parent = 300, .start = 5001});  // which there is asked again
    CHECK(alone.lines("num_procs") == family + "num_procs{groupname=\"g-worker\"} 2\n");
  }

  TEST_CASE("recheck asks again for those in no group; exec does not change a group") {
    Groups groups(by_comm({"worker", "other"}), {{"process.recheck", "true"}});
    groups.put({.pid = 50, .name = "sh"});
    groups.put({.pid = 60, .name = "worker"});
    CHECK(groups.lines("num_procs") ==
          family + "num_procs{groupname=\"g-other\"} 0\n" + family + "num_procs{groupname=\"g-worker\"} 1\n");
    groups.put({.pid = 50, .name = "other"});
    groups.put({.pid = 60, .name = "other"});
    CHECK(groups.lines("num_procs") ==
          family + "num_procs{groupname=\"g-other\"} 1\n" + family + "num_procs{groupname=\"g-worker\"} 1\n");
  }

  TEST_CASE("a configured group without a process shows 0; compat and remove-empty-groups") {
    Groups groups(by_comm({"absent"}));
    CHECK(groups.lines("num_procs") == family + "num_procs{groupname=\"g-absent\"} 0\n");
    Groups old(by_comm({"worker", "absent"}), {{"process.compat", "true"}});
    old.put({.threads = 2});
    old.thread(100, {}, 1);
    old.thread(100, {.pid = 101}, 1);
    CHECK(old.lines("states{groupname=\"g-worker\",state=\"S") ==
          family + "states{groupname=\"g-worker\",state=\"Sleeping\"} 3\n");
    old.gone(100);
    CHECK(old.lines("oldest_start") == family + "oldest_start_time_seconds{groupname=\"g-worker\"} -62135596800\n");
    CHECK(old.lines("num_procs") == family + "num_procs{groupname=\"g-worker\"} 0\n");
    Groups removes(each_by_comm(), {{"process.remove-empty-groups", "true"}});
    removes.put({.user = 5});
    CHECK(removes.lines("num_procs") == family + "num_procs{groupname=\"worker\"} 1\n");
    removes.gone(100);
    CHECK(removes.lines("num_procs").empty());
    removes.put({.pid = 7, .name = "next", .user = 5});
    CHECK(removes.lines("num_procs") == family + "num_procs{groupname=\"next\"} 1\n");
  }

  TEST_CASE("groups have a limit: the rest is in one, and a metric tells") {
    Groups groups(each_by_comm(), {{"process.max-groups", "2"}});
    groups.put({.pid = 1, .name = "a"});
    groups.put({.pid = 2, .name = "b"});
    groups.put({.pid = 3, .name = "c"});
    groups.put({.pid = 4, .name = "d"});
    const auto text = groups.text();
    CHECK(test::lines(text, family + "num_procs") == family + "num_procs{groupname=\"a\"} 1\n" + family +
                                                         "num_procs{groupname=\"b\"} 1\n" + family +
                                                         "num_procs{groupname=\"other\"} 2\n");
    CHECK(test::lines(text, "vitald_") == "vitald_process_groups 3\nvitald_process_groups_over_limit_total 2\n");
  }

  TEST_CASE("what may not be read is counted and not shown; what is no text of the kernel's is counted") {
    Groups groups(by_comm({"worker"}));
    groups.put({});
    groups.tree.file("proc/100/io", "?");
    groups.tree.file("proc/300/stat", "?");
    auto text = groups.text();
    CHECK(test::lines(text, family + "read_bytes").empty());
    CHECK(test::lines(text, "namedprocess_scrape_p") ==
          "namedprocess_scrape_procread_errors 1\nnamedprocess_scrape_partial_errors 1\n");
    groups.tree.remove("proc/100/io");
    groups.tree.remove("proc/100/status");  // it goes away: no fault
    CHECK(test::lines(groups.text(), "namedprocess_scrape_partial") == "namedprocess_scrape_partial_errors 1\n");
    Groups old(by_comm({"worker"}), {{"process.compat", "true"}});
    old.put({});
    old.tree.remove("proc/100/io");
    CHECK(old.lines("read_bytes") == family + "read_bytes_total{groupname=\"g-worker\"} 0\n");
  }

  TEST_CASE("without rules there is no data; without processes of a kernel a fault") {
    test::Tree tree;
    test::Running groups(tree, "process_groups");
    CHECK(state_of(groups.collect().error()) == State::absent);
    Groups broken(by_comm({"x"}));
    broken.tree.file("proc/stat", "cpu 1\n");
    CHECK(broken.collector->collect(broken.page).has_error());
  }
}

}  // namespace process_groups_test
