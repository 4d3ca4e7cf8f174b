#include "collectors/base/devices.hpp"

#include "tests/support/allocations.hpp"
#include "tests/support/broken_file.hpp"
#include "tests/support/running.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <filesystem>

namespace devices_test {

using namespace vitald;

namespace {

struct Thing {
  Text name, kind;
  std::optional<std::uint64_t> size;
  std::optional<double> volts;
  std::optional<std::int64_t> level;
};

bool twice(std::string_view text, std::int64_t& out) {
  if (!scan::number(text, out)) return false;
  out *= 2;
  return true;
}

constexpr Attribute attributes[] = {
    text<&Thing::kind>("kind").once(),
    number<&Thing::size>("size"),
    number<&Thing::volts>("device/volts", 1e6),
    converted<&Thing::level, twice>("level").or_nothing(),
};

template <class Row>
class Reading {
 public:
  Reading(test::World& world, DeviceFolder::Where where, std::span<const Attribute> table)
      : world_(world), devices_(world.environment, std::move(where), &Row::name, table) {}
  Result<void> collect() {
    world_.sources.next_generation();
    sheet_.rewind();
    return devices_.collect(sheet_);
  }
  std::span<const Row> rows() {
    const auto done = collect();
    REQUIRE_MESSAGE(done.has_value(), to_string(done.error()));
    return sheet_.view();
  }
  std::string names() {
    std::string all;
    for (const auto& row : rows()) all.append(row.name.view()).append(" ");
    return all;
  }

 private:
  test::World& world_;
  Table<Row> table_{};
  Sheet<Row> sheet_{table_};
  Devices<Row> devices_;
};

struct Node {  // of /sys/class/mem, or /sys/class/block
  Text name, number, absent;
};
constexpr Attribute node_attributes[] = {text<&Node::number>("dev").once(), text<&Node::absent>("no_such_file")};

std::size_t open_files() {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}));
}

void hear_silence(test::World& world) {
  std::array<int, 2> ends{};
  REQUIRE(::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) == 0);
  ::close(ends[1]);
  world.sources.uevents().hear(ends[0]);
}

}  // namespace

TEST_SUITE("base/devices") {
  TEST_CASE("a row for each device in the order of names, with what its files say") {
    test::Tree tree;
    tree.file("sys/devices/here/b/kind", "  a \"thing\" \n");
    tree.file("sys/devices/here/b/size", "17\n");
    tree.file("sys/devices/here/b/device/volts", "3300000\n");
    tree.file("sys/devices/here/b/level", "-4\n");
    tree.link("sys/class/things/b", "../../devices/here/b");
    tree.dir("sys/class/things/a");
    tree.link("sys/class/things/gone", "../../devices/gone");
    tree.file("sys/class/things/a_file", "1\n");
    test::World world(tree);
    Reading<Thing> reading(world, {"class/things", "things"}, attributes);
    const auto rows = reading.rows();
    REQUIRE(rows.size() == 2);
    CHECK((rows[0].name == "a" && rows[0].kind.empty() && !rows[0].size && !rows[0].volts && !rows[0].level));
    CHECK((rows[1].name == "b" && rows[1].kind == "a \"thing\"" && rows[1].size == 17u));
    CHECK((rows[1].volts == 3.3 && rows[1].level == -8));
    CHECK(test::allocations_of([&] { CHECK(reading.collect().has_value()); }) == 0);
    tree.file("sys/class/things/a/kind", "new\n");  // a copy's new files are seen at once, what was read once, too
    tree.file("sys/devices/here/b/kind", "other\n");
    CHECK(reading.rows()[0].kind == "new");
    CHECK(reading.rows()[1].kind == "other");
    tree.dir("sys/devices/gone");
    CHECK(reading.names() == "a b gone ");
    tree.remove("sys/class/things/a");
    CHECK(reading.names() == "b gone ");
  }

  TEST_CASE("what has nothing to tell is no sample; what is wrong is a fault, or no sample where that is said") {
    test::Tree tree;
    test::World world(tree);
    Reading<Thing> reading(world, {"class/things", "things"}, attributes);
    CHECK(state_of(reading.collect().error()) == State::absent);
    for (const char* text : {"", "\n", " \t\n", "<unknown>\n"}) {
      tree.file("sys/class/things/a/size", text);
      CHECK_MESSAGE(!reading.rows()[0].size, text);
    }
    for (const char* text : {"-1\n", "x", "x\n", "1 2\n", "99999999999999999999\n"}) {
      tree.file("sys/class/things/a/size", text);
      CHECK_MESSAGE(state_of(reading.collect().error()) == State::parse, text);
    }
    CHECK(reading.collect().error().what == tree.path("sys/class/things/a/size"));
    tree.file("sys/class/things/a/size", "1\n");
    tree.file("sys/class/things/a/level", "x\n");
    CHECK(!reading.rows()[0].level);
    tree.file("sys/class/things/a/level", "21\n");
    CHECK(reading.rows()[0].level == 42);
    tree.dir("sys/class/things/a/device/volts");
    CHECK(state_of(reading.collect().error()) == State::parse);
    tree.remove("sys/class/things/a/device");
    tree.link("sys/class/things/a/device", "device");
    CHECK(!reading.rows()[0].volts);
  }

  TEST_CASE("a text is as it is told, up to 128 bytes; a blank one is one, an empty file is none") {
    static constexpr Attribute due[] = {text<&Thing::kind>("kind").required()};
    test::Tree tree;
    test::World world(tree);
    Reading<Thing> reading(world, {"class/things", "things"}, due);
    const auto kind = [&](std::string_view text) {
      tree.file("sys/class/things/a/kind", text);
      return std::string(reading.rows()[0].kind.view());
    };
    CHECK(kind("\n") == "");
    CHECK(kind("     \n") == "");
    CHECK(kind("<unknown>\n") == "<unknown>");
    const std::string long_one(126, 'x');
    CHECK(kind(long_one + "yz and more\n") == long_one + "yz");
    CHECK(kind(long_one + "  end\n") == long_one);  // cut first, as the peer does
    tree.file("sys/class/things/a/kind", "");
    CHECK(state_of(reading.collect().error()) == State::parse);
  }

  TEST_CASE("an attribute may be due, or decide whether its device is shown; names may be left out") {
    test::Tree tree;
    tree.file("sys/class/things/a/size", "1\n");
    tree.dir("sys/class/things/b");
    tree.dir("sys/class/things/not_a_thing");
    test::World world(tree);
    static constexpr Attribute due[] = {number<&Thing::size>("size").required()};
    static constexpr Attribute decides[] = {number<&Thing::size>("size").decisive()};
    const auto keeps = [](std::string_view name) { return name.size() == 1; };
    Reading<Thing> strict(world, {.below = "class/things", .subsystem = "things", .keeps = keeps}, due);
    CHECK(strict.collect().error().what == tree.path("sys/class/things/b/size"));
    Reading<Thing> choosy(world, {.below = "class/things", .subsystem = "things", .keeps = keeps}, decides);
    CHECK(choosy.names() == "a ");
    tree.file("sys/class/things/b/size", "2\n");
    CHECK(strict.names() == "a b ");
    CHECK(choosy.names() == "a b ");
  }

  TEST_CASE("a copy's text may lack its end") {
    test::Tree tree;
    test::World world(tree);
    Reading<Thing> usual(world, {"class/things", "things"}, attributes);
    for (const char* text : {"12", "12\n", "12 \n"}) {
      tree.file("sys/class/things/a/size", text);
      CHECK(usual.rows()[0].size == 12u);
    }
  }

  TEST_CASE("more devices than the cap are a fault") {
    test::Tree tree;
    for (const char* name : {"a", "b", "c"}) tree.dir(std::string("sys/class/things/") + name);
    test::World world(tree);
    Reading<Thing> three(world, {.below = "class/things", .most = 3}, attributes);
    Reading<Thing> two(world, {.below = "class/things", .most = 2}, attributes);
    CHECK(three.rows().size() == 3);
    CHECK(two.collect().error().code == Parse::too_large);
  }

  TEST_CASE("this machine's own devices: their files stay open within the limit, and are closed in the end") {
    test::Tree tree;
    tree.link("sys", "/sys");
    if (::access("/sys/class/mem/null/dev", R_OK) != 0) return;
    static constexpr Attribute changing[] = {text<&Node::number>("dev"), text<&Node::absent>("no_such_file")};
    test::World world(tree);
    const auto left = world.sources.descriptors().left();
    {
      Reading<Node> reading(world, {"class/mem", "mem"}, changing);
      for (int round = 0; round < 3; ++round) CHECK(reading.names().find("null ") != std::string::npos);
      CHECK(world.sources.descriptors().left() == left - static_cast<int>(reading.rows().size()));
      CHECK(test::allocations_of([&] { CHECK(reading.collect().has_value()); }) == 0);
      while (world.sources.descriptors().take()) continue;
      Reading<Node> poor(world, {"class/mem", "mem"}, changing);
      const auto before = open_files();
      for (int round = 0; round < 3; ++round) CHECK(poor.names() == reading.names());
      CHECK(open_files() == before + 1);  // the folder
    }
    test::World rich(tree);
    {
      Reading<Node> reading(rich, {"class/mem", "mem"}, changing);
      CHECK(!reading.names().empty());
    }
    CHECK(rich.sources.descriptors().left() == left);
  }

  TEST_CASE("what is read once is read once, as long as events can be trusted") {
    test::Tree tree;
    tree.link("sys", "/sys");
    if (::access("/sys/class/mem/null/dev", R_OK) != 0) return;
    test::World world(tree);
    hear_silence(world);
    const auto before = open_files();
    Reading<Node> reading(world, {"class/mem", "mem"}, node_attributes);
    const auto names = reading.names();
    for (int round = 0; round < 100; ++round) {  // past the point where what was absent is asked for again
      CHECK(reading.names() == names);
      CHECK(reading.rows()[0].number.view().find(':') != std::string_view::npos);
    }
    CHECK(open_files() == before + 1);
  }

  TEST_CASE("a file of this machine's own that is allowed now is read again soon") {
    namespace fs = std::filesystem;
    test::Tree tree;
    tree.link("sys", "/sys");
    const fs::path file = "/sys/class/mem/null/dev";
    std::error_code refused;
    fs::permissions(tree.path(""), fs::perms::all);
    if (!test::can_be_forbidden(tree)) return;
    fs::permissions(file, fs::perms::owner_read, refused);
    if (refused) return;
    static constexpr Attribute changing[] = {text<&Node::number>("dev")};
    test::World world(tree);
    Reading<Node> now(world, {.below = "class/mem", .subsystem = "mem", .forbidden_for = {}}, changing);
    Reading<Node> later(world, {.below = "class/mem", .subsystem = "mem"}, changing);
    const auto number_of_null = [](Reading<Node>& reading) {
      for (const auto& row : reading.rows())
        if (row.name == "null") return std::string(row.number.view());
      return std::string("none");
    };
    {
      const test::Unprivileged unprivileged(true);
      for (auto* reading : {&now, &later}) CHECK(number_of_null(*reading).empty());
    }
    fs::permissions(file, fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read);
    CHECK(number_of_null(now) == "1:3");
    CHECK(number_of_null(later).empty());
  }

  TEST_CASE("a device that comes and goes is seen in the next reading, with the kernel's events and without any") {
    const int loops = ::open("/dev/loop-control", O_RDWR | O_CLOEXEC);
    if (loops < 0) return;  // nobody lets us make a device here
    test::Tree tree;
    tree.link("sys", "/sys");
    test::World told(tree), deaf(tree);
    deaf.sources.uevents().hear(-1);
    Reading<Node> hears(told, {"class/block", "block"}, node_attributes);
    Reading<Node> looks(deaf, {"class/block", "block"}, node_attributes);
    for (int round = 0; round < 3; ++round) {
      for (int quiet = 0; quiet < 3; ++quiet) CHECK((!hears.names().empty() && !looks.names().empty()));
      const int made = ::ioctl(loops, LOOP_CTL_ADD, -1);
      if (made < 0) break;
      const auto name = "loop" + std::to_string(made) + " ";
      CHECK(hears.names().find(name) != std::string::npos);
      CHECK(looks.names().find(name) != std::string::npos);
      CHECK(::ioctl(loops, LOOP_CTL_REMOVE, made) == 0);
      CHECK(hears.names().find(name) == std::string::npos);
      CHECK(looks.names().find(name) == std::string::npos);
    }
    ::close(loops);
  }
}

}  // namespace devices_test
