#include "config/loader.hpp"

#include "config/changes.hpp"
#include "config/effective.hpp"
#include "tests/config/support.hpp"
#include "tests/support/tree.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

namespace loader_test {

using namespace vitald;
using test::Texts;

namespace {

config::Loader loader(const std::vector<std::string>& words) {
  std::vector<const char*> argv{"vitald"};
  for (const auto& word : words) argv.push_back(word.c_str());
  return {static_cast<int>(argv.size()), argv.data(), test::vocabulary().options()};
}

std::string file_flag(const test::Tree& tree) { return "--config.file=" + tree.path("v.yaml"); }

const config::Effective& find(const std::vector<config::Effective>& all, std::string_view flag) {
  for (const auto& each : all)
    if (each.option->flag == flag) return each;
  FAIL("no setting " << std::string(flag));
  return all.front();
}

}  // namespace

TEST_SUITE("config/loader") {
  TEST_CASE("without a file it is the command line") {
    const auto all = loader({"--web.freshness=1s"}).load();
    CHECK(all.errors.empty());
    CHECK(all.files.empty());
    CHECK(all.options.text("web.freshness") == "1s");
    CHECK(loader({"--config.file="}).load().errors.empty());
    CHECK(loader({"--nonsense"}).load().errors.size() == 1);
    CHECK(!loader({"--nonsense"}).load().fault_in_files);
  }

  TEST_CASE("a flag goes before the files, they before the defaults") {
    test::Tree tree;
    tree.file("v.yaml", "web.freshness: 2s\nlog.level: debug\ncollector.disk: false\ncollector.disk.folder: [a, b]\n");
    const auto all = loader({file_flag(tree), "--web.freshness=1s", "--collector.disk"}).load();
    CHECK(all.errors.empty());
    CHECK(all.files == Texts{tree.path("v.yaml")});
    CHECK(all.options.text("web.freshness") == "1s");
    CHECK(all.options.text("log.level") == "debug");
    CHECK(all.options.on("collector.disk"));
    CHECK(all.options.values("collector.disk.folder") == Texts{"a", "b"});
    CHECK(loader({file_flag(tree), "--collector.disk.folder=c"}).load().options.values("collector.disk.folder") ==
          Texts{"c"});
  }

  TEST_CASE("the files are read anew each time, also after the daemon has left its folder") {
    test::Tree tree;
    tree.file("v.yaml", "web.freshness: 2s\n");
    char here[4096];
    REQUIRE(::getcwd(here, sizeof here) != nullptr);
    REQUIRE(::chdir(tree.path("").c_str()) == 0);
    const auto kept = loader({"--config.file=v.yaml"});
    REQUIRE(::chdir("/") == 0);
    CHECK(kept.load().options.text("web.freshness") == "2s");
    tree.file("v.yaml", "web.freshness: 3s\npath.sysfs: s\npath.rootfs: ''\n");
    CHECK(kept.load().options.text("path.sysfs") == tree.path("s"));
    CHECK(kept.load().options.text("path.rootfs") == "");
    CHECK(kept.load().options.text("web.freshness") == "3s");
    tree.file("v.yaml", "web.freshness: [\n");
    CHECK(kept.load().errors.size() == 1);
    tree.file("v.yaml", "");
    CHECK(kept.load().options.text("web.freshness") == "100ms");
    REQUIRE(::chdir(here) == 0);
  }

  TEST_CASE("text files' folders stay as given, unless the daemon leaves the one that they count from") {
    constexpr Option options[] = {
        {.flag = "config.file", .initial = "", .help = ".", .flag_only = true, .is_path = true},
        {.flag = "daemon", .kind = Option::Kind::boolean, .initial = "false", .help = "."},
        {.flag = "collector.textfile.directory",
         .initial = "",
         .help = ".",
         .repeatable = true,
         .is_path = true,
         .as_given = true}};
    constexpr std::string_view folder = "collector.textfile.directory";
    test::Tree tree;
    tree.file("v.yaml", "collector.textfile.directory: [t1, /t2]\n");
    char here[4096];
    REQUIRE(::getcwd(here, sizeof here) != nullptr);
    REQUIRE(::chdir(tree.path("").c_str()) == 0);
    const auto start = [&](std::vector<const char*> words) {
      words.insert(words.begin(), "vitald");
      return config::Loader(static_cast<int>(words.size()), words.data(), options);
    };
    const Texts as_given{"t1", "/t2"}, whole{tree.path("t1"), "/t2"};
    const auto by_flag = start({"--collector.textfile.directory=t1", "--collector.textfile.directory=/t2"});
    const auto by_file = start({"--config.file=v.yaml"});
    CHECK(by_flag.load().options.values(folder) == as_given);
    CHECK(by_file.load().options.values(folder) == as_given);
    CHECK(start({"--config.file=v.yaml", "--no-daemon"}).load().options.values(folder) == as_given);
    CHECK(start({"--config.file=v.yaml", "--daemon"}).load().options.values(folder) == whole);
    CHECK(start({"--collector.textfile.directory=t1", "--daemon"}).load().options.values(folder) ==
          Texts{tree.path("t1")});
    tree.file("v.yaml", "collector.textfile.directory: [t1, /t2]\ndaemon: true\n");
    CHECK(by_file.load().options.values(folder) == whole);
    tree.file("v.yaml", "collector.textfile.directory: [t1, /t2]\n");
    REQUIRE(::chdir("/") == 0);  // it has left: what the file says of that now is for the next start
    CHECK(by_file.load().options.values(folder) == whole);
    CHECK(by_flag.load().options.values(folder) == whole);
    REQUIRE(::chdir(here) == 0);
  }

  TEST_CASE("all faults of flags and files are told at once, and whether files have some") {
    test::Tree tree;
    tree.file("v.yaml", "web.fresness: 1s\nlog.level: loud\nlog.format: xml\n");
    const auto all = loader({file_flag(tree), "--nonsense", "--collector.disk.workers=0", "--log.format=json"}).load();
    const auto file = tree.path("v.yaml");
    CHECK(all.errors == Texts{"unknown flag --nonsense",
                              file + ":1: unknown key web.fresness, did you mean web.freshness?",
                              file + ":2: log.level=loud: it must be debug, info, warn or error",
                              "--collector.disk.workers=0: it must be at least 1"});
    CHECK(all.fault_in_files);
    tree.file("v.yaml", "");
    CHECK(!loader({file_flag(tree), "--nonsense"}).load().fault_in_files);
    tree.file("v.yaml", "log.level: loud\n");
    CHECK(loader({file_flag(tree)}).load().fault_in_files);
  }

  TEST_CASE("--help and --version ask no file") {
    for (const char* flag : {"--help", "-h", "--version"})
      CHECK_MESSAGE(loader({"--config.file=/not/there", flag}).load().errors.empty(), flag);
    CHECK(loader({"--config.file=/not/there"}).load().errors == Texts{"/not/there: No such file or directory"});
  }

  TEST_CASE("a contradiction names both, and where each comes from") {
    test::Tree tree;
    const auto file = tree.path("v.yaml");
    tree.file("v.yaml", "\ncollector.disk.exclude: a\n");
    const auto mixed = loader({file_flag(tree), "--collector.disk.include=b"}).load();
    CHECK(mixed.errors == Texts{file + ":2: collector.disk.exclude and --collector.disk.include exclude each other"});
    CHECK(mixed.fault_in_files);
    CHECK(loader({file_flag(tree), "--collector.disk.include=b", "--collector.disk.exclude="}).load().errors.empty());
    tree.file("v.yaml", "collector.disk.exclude: a\ncollector.disk.include: b\n");
    CHECK(loader({file_flag(tree)}).load().errors ==
          Texts{file + ":1: collector.disk.exclude and " + file + ":2: collector.disk.include exclude each other"});
    tree.file("v.yaml", "collector.disk.exclude: a\ncollector.disk.ignored: b\n");
    CHECK(loader({file_flag(tree)}).load().errors ==
          Texts{file + ":2: collector.disk.ignored is the old name of collector.disk.exclude, give only one of them"});
  }

  TEST_CASE("old names, what has no effect and what is not here are warned about with their place") {
    test::Tree tree;
    const auto file = tree.path("v.yaml");
    tree.file("v.yaml",
              "collector.disk.ignored: a\nweb.max-requests: 40\ncollector.hwmon: true\n"
              "collector.textfile.directory: []\ncollector.netdev.device-include: x\n");
    const auto all = loader({file_flag(tree)}).load();
    CHECK(all.errors.empty());
    CHECK(all.options.text("collector.disk.exclude") == "a");
    CHECK(all.missing_collectors == Texts{"hwmon"});
    CHECK(all.warnings ==
          Texts{file + ":1: collector.disk.ignored is deprecated, use collector.disk.exclude",
                file + ":2: web.max-requests is accepted but has no effect",
                file + ":3: collector.hwmon asks for a collector that is not in this build",
                file + ":4: collector.textfile.directory is not supported by this build and has no effect",
                file + ":5: collector.netdev.device-include is not supported by this build and has no effect"});
  }

  TEST_CASE("an empty list leaves nothing to listen at") {
    test::Tree tree;
    tree.file("v.yaml", "web.listen-address: []\n");
    CHECK(loader({file_flag(tree)}).load().errors ==
          Texts{tree.path("v.yaml") + ":1: web.listen-address: the list is empty"});
  }
}

TEST_SUITE("config/effective") {
  TEST_CASE("each setting has its value and its origin") {
    test::Tree tree;
    tree.file("v.yaml", "\nlog.level: debug\ncollector.disk.ignored: x\nweb.freshness: 2s\n");
    const auto parsed = loader({file_flag(tree), "--no-collector.disk", "--web.freshness=3s"}).load();
    const auto all = config::effective(parsed.options, parsed.from_files, test::vocabulary().options());
    CHECK(find(all, "log.level").origin == tree.path("v.yaml") + ":2");
    CHECK(find(all, "log.level").values == Texts{"debug"});
    CHECK(find(all, "collector.disk.exclude").origin == tree.path("v.yaml") + ":3");
    CHECK(find(all, "collector.disk").origin == "--collector.disk");
    CHECK(find(all, "collector.disk").values == Texts{"false"});
    CHECK(find(all, "web.freshness").origin == "--web.freshness");
    CHECK(find(all, "log.format").origin == "default");
    for (const auto& each : all) {
      CHECK(each.option->was_for.empty());
      CHECK(!each.option->flag_only);
      CHECK_MESSAGE(each.option->flag.find("hwmon") == std::string_view::npos, each.option->flag);
    }
  }

  TEST_CASE("a collector that is off because the defaults are says so") {
    const auto parsed = loader({"--collector.disable-defaults", "--collector.rare"}).load();
    const auto all = config::effective(parsed.options, parsed.from_files, test::vocabulary().options());
    CHECK(find(all, "collector.disk").values == Texts{"false"});
    CHECK(find(all, "collector.disk").origin == "--collector.disable-defaults");
    CHECK(find(all, "collector.rare").values == Texts{"true"});
    CHECK(find(all, "collector.rare").origin == "--collector.rare");
  }

  TEST_CASE("as YAML it is a file that comes to the same") {
    const auto first = loader({"--web.listen-address=[::1]:1", "--web.listen-address=:2",
                               "--collector.disk.exclude=", "--collector.disk.include=it's: #1 [a-z]",
                               "--collector.disk.folder=-x", "--collector.disk.folder=null", "--path.procfs=true"})
                           .load();
    REQUIRE(first.errors.empty());
    test::Tree tree;
    tree.file("v.yaml",
              config::to_yaml(config::effective(first.options, first.from_files, test::vocabulary().options())));
    const auto again = loader({file_flag(tree)}).load();
    CHECK(again.errors.empty());
    for (const auto& option : test::vocabulary().options())
      if (!option.flag_only)
        CHECK_MESSAGE(again.options.values(option.flag) == first.options.values(option.flag), option.flag);
  }

  TEST_CASE("as YAML, a default that would act as another once it was given is a remark") {
    const auto first = loader({"--collector.disk.include=a"}).load();
    const auto options = test::vocabulary().options();
    const auto text = config::to_yaml(config::effective(first.options, first.from_files, options));
    CHECK(text.find("\n# collector.disk.exclude: ") != text.npos);
    CHECK(text.find("\n# collector.disk.folder: []") != text.npos);
    test::Tree tree;
    tree.file("v.yaml", text);
    const auto again = loader({file_flag(tree)}).load();
    CHECK(again.errors.empty());
    CHECK_FALSE(again.options.given("collector.disk.folder"));
    CHECK_FALSE(again.options.given("collector.disk.exclude"));
  }

  TEST_CASE("secrets and passwords in URLs are hidden") {
    constexpr Option options[] = {{.flag = "key", .initial = "", .help = "A secret.", .secret = true},
                                  {.flag = "url", .initial = "", .help = "A URL.", .repeatable = true}};
    const char* argv[] = {"vitald", "--key=hunter2", "--url=http://u:pa:ss@h/x", "--url=http://h:1/a@b",
                          "--url=http://u@h"};
    const auto parsed = config::parse(5, argv, options);
    const auto all = config::effective(parsed.options, parsed.from_files, options);
    CHECK(find(all, "key").values == Texts{"(secret)"});
    CHECK(find(all, "url").values == Texts{"http://u:(secret)@h/x", "http://h:1/a@b", "http://u@h"});
    CHECK(config::to_yaml(all).find("hunter2") == std::string::npos);
    const char* nothing[] = {"vitald"};
    CHECK(find(config::effective(config::parse(1, nothing, options).options, {}, options), "key").values == Texts{""});
  }
}

TEST_SUITE("config/changes") {
  TEST_CASE("what another load has changed is told, and what needs a restart") {
    const auto before = loader({}).load(), after = loader({"--web.freshness=1s", "--collector.rare",
                                                           "--collector.disk.exclude=^loop", "--log.level=info"})
                                                       .load();
    std::vector<std::string_view> flags;
    for (const auto& change : config::changes(before.options, after.options, test::vocabulary().options()))
      flags.push_back(change.option->flag);
    CHECK(flags == std::vector<std::string_view>{"web.freshness", "collector.disk.exclude", "collector.rare"});
    CHECK(config::changes(before.options, before.options, test::vocabulary().options()).empty());
  }

  TEST_CASE("a setting that only a start reads says so") {
    constexpr Option options[] = {{.flag = "a", .initial = "1", .help = "."},
                                  {.flag = "b", .initial = "1", .help = ".", .reload = false}};
    const char *none[] = {"vitald"}, *both[] = {"vitald", "--a=2", "--b=3"};
    const auto changes =
        config::changes(config::parse(1, none, options).options, config::parse(3, both, options).options, options);
    REQUIRE(changes.size() == 2);
    CHECK(!changes[0].needs_restart());
    CHECK(changes[1].needs_restart());
    CHECK(changes[1].before == Texts{"1"});
    CHECK(changes[1].after == Texts{"3"});
  }
}

}  // namespace loader_test
