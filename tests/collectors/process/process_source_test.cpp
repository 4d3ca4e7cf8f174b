#include "collectors/base/process_source.hpp"

#include "tests/support/tree.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <string>

namespace process_source_test {

using namespace vitald;
using Kind = ProcessPart::Kind;

namespace {

constexpr std::uint32_t everything = bit(From::status) | bit(From::switches) | bit(From::statm) | bit(From::io) |
                                     bit(From::descriptors) | bit(From::command) | bit(From::exe) | bit(From::cwd) |
                                     bit(From::cgroup) | bit(From::oom) | bit(From::priority) | bit(From::owner) |
                                     bit(From::memory) | bit(From::smaps);

std::string stat_of(int pid, const std::string& name, int start, int ticks, int threads = 1) {
  return std::to_string(pid) + " (" + name + ") S 1 2 3 0 -1 0 11 0 12 0 " + std::to_string(ticks) + " 0 0 0 20 0 " +
         std::to_string(threads) + " 0 " + std::to_string(start) + " 4096 2\n";
}

struct Host {
  Host() {
    tree.file("proc/stat", "cpu 1\nbtime 1000\n");
    tree.file("proc/meminfo", "MemTotal: 100 kB\n");
    tree.file("root/etc/passwd", "someone:x:7:7::/:/bin/sh\n");
    put(10, 500, 100);
  }
  void put(int pid, int start, int ticks, int read = 0) const {
    const auto folder = "proc/" + std::to_string(pid) + "/";
    tree.file(folder + "stat", stat_of(pid, "a) b", start, ticks));
    tree.file(folder + "status",
              "Uid:\t7\t7\t7\t7\nGid:\t8\t8\t8\t8\nVmHWM: 3 kB\nvoluntary_ctxt_switches:\t5\n"
              "nonvoluntary_ctxt_switches:\t6\n");
    tree.file(folder + "io", "rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\nread_bytes: " + std::to_string(read) +
                                 "\nwrite_bytes: 6\ncancelled_write_bytes: 7\n");
    tree.file(folder + "statm", "100 50 20 10 0 30 0\n");
    tree.file(folder + "cmdline", std::string("x\0--token=abc\0", 14));
    tree.file(folder + "cgroup", "3:cpu:/v1\n0::/slice/x\n");
    tree.file(folder + "oom_score", "666\n");
    tree.file(folder + "oom_score_adj", "-5\n");
    tree.file(folder + "fd/0", "");
    tree.link(folder + "exe", "/usr/bin/x (deleted)");
    tree.link(folder + "cwd", "/home");
  }
  std::unique_ptr<ProcessSource> source() const {
    return make_process_source({tree.roots().proc, tree.path("root"), "token"});
  }
  test::Tree tree;
};

}  // namespace

TEST_SUITE("process/process_source") {
  TEST_CASE("what is wanted is read, and nothing else") {
    const Host host;
    const auto source = host.source();
    SampleWish wish;
    wish.wants = everything;
    const auto sample = *source->sample(wish);
    REQUIRE(sample->rows.size() == 1);
    REQUIRE(sample->more.size() == 1);
    const auto& row = sample->rows[0];
    CHECK((row.pid == 10 && row.start_ticks == 500 && row.user_ticks == 100 && row.descriptors == 1));
    CHECK(sample->text(row.name) == "a) b");
    CHECK((row.users[0] == 7 && row.groups[2] == 8 && row.voluntary == 5 && row.read_chars == 1));
    CHECK(sample->users.at(7) == "someone");
    CHECK(sample->text(row.command) == std::string_view("x\0--token=********", 18));
    CHECK((sample->text(row.exe) == "/usr/bin/x" && row.exe_deleted && sample->text(row.cwd) == "/home"));
    CHECK(sample->text(row.cgroup) == "/slice/x");
    CHECK((sample->more[0].oom_score == 666 && sample->more[0].oom_score_adj == -5));
    CHECK((sample->more[0].peak_resident == 3072 && sample->more[0].data > 0));
    CHECK((sample->boot_seconds == 1000 && sample->memory_bytes == 102400 && sample->interval_seconds == 0));
    CHECK((row.cpu_percent < 0 && sample->complete));
    const auto little = *host.source()->sample({});
    CHECK((little->more.empty() && little->rows[0].users[0] == unknown_id && little->users.empty()));
    CHECK((little->rows[0].read_bytes == not_known && little->rows[0].command.size == 0));
  }

  TEST_CASE("rates are counted from what the process was, not from another one or from a counter that fell") {
    const Host host;
    host.put(11, 600, 100, 4096);
    host.put(12, 700, 100, 4096);
    const auto source = host.source();
    SampleWish wish;
    wish.wants = bit(From::io);
    wish.since = *source->counts(wish);
    host.put(10, 500, 200, 1 << 20);
    host.put(11, 601, 200, 1 << 20);
    host.put(12, 700, 200, 0);
    const auto sample = *source->sample(wish);
    REQUIRE(sample->rows.size() == 3);
    CHECK((sample->rows[0].cpu_percent > 0 && sample->rows[0].read_per_second > 0));
    CHECK((sample->rows[1].cpu_percent < 0 && sample->rows[1].read_per_second < 0));
    CHECK((sample->rows[2].cpu_percent > 0 && sample->rows[2].read_per_second < 0));
    CHECK(sample->interval_seconds > 0);
  }

  TEST_CASE("a fresh sample is shared if it has all that is wanted; samples are kept for pages") {
    const Host host;
    const auto source = host.source();
    SampleWish wish;
    wish.wants = bit(From::io) | bit(From::command);
    wish.freshness = std::chrono::hours(1);
    const auto first = *source->sample(wish);
    wish.wants = bit(From::io);
    CHECK((*source->sample(wish) == first));
    wish.wants = bit(From::status);
    const auto second = *source->sample(wish);
    CHECK((second != first && second->id != first->id));
    CHECK(source->kept(first->id) == nullptr);
    source->keep(first);
    CHECK((source->kept(first->id) == first));
    for (int i = 0; i < 20; ++i) {
      wish.freshness = {};
      source->keep(*source->sample(wish));
    }
    CHECK(source->kept(first->id) == nullptr);
  }

  TEST_CASE("what is not there is left out, what is no process's file is counted") {
    const Host host;
    host.tree.file("proc/11/stat", "nonsense\n");
    host.tree.dir("proc/12");
    const auto source = host.source();
    const auto sample = *source->sample({});
    CHECK((sample->rows.size() == 1 && sample->unread == 1));
    SampleWish one;
    one.only = 12;
    CHECK((*source->sample(one))->rows.empty());
    CHECK((source->part(Kind::limits, 12, 1).error().code == Parse::no_data));
    CHECK((source->part(Kind::cgroup, 10, 1).error().code == Parse::no_data));
    CHECK(source->part(Kind::cgroup, 10, 500)->cgroups.size() == 2);
    host.tree.remove("proc/stat");
    CHECK(source->sample({}).has_error());
  }

  TEST_CASE("this machine's: ourselves, and every part of us") {
    const auto source = make_process_source({"/proc", "/", "x"});
    SampleWish wish;
    wish.wants = everything;
    const auto sample = *source->sample(wish);
    const auto* const self = sample->find(::getpid());
    REQUIRE(self);
    CHECK((self->parent == ::getppid() && self->users[0] == ::getuid() && self->owner == ::geteuid()));
    CHECK(sample->text(self->exe).ends_with("/unit"));
    for (const auto kind : {Kind::threads, Kind::open_files, Kind::connections, Kind::memory_maps, Kind::environment,
                            Kind::limits, Kind::cgroup, Kind::namespaces}) {
      const auto part = source->part(kind, ::getpid(), self->start_ticks);
      CHECK_MESSAGE(part.has_value(), static_cast<int>(kind));
    }
    CHECK(source->part(Kind::threads, ::getpid(), self->start_ticks)->threads.size() >= 1);
    CHECK(source->part(Kind::open_files, ::getpid(), self->start_ticks)->open_files.size() >= 3);
    CHECK(source->part(Kind::memory_maps, ::getpid(), self->start_ticks)->maps.size() > 3);
  }
}

}  // namespace process_source_test
