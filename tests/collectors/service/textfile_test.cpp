#include "collectors/base/scan.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/broken_file.hpp"
#include "tests/support/running.hpp"
#include "tests/support/whole_host.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace textfile_test {

using namespace vitald;
namespace fs = std::filesystem;

namespace {

constexpr std::string_view folder = "metrics";

std::string without(std::string text, const std::string& part) {
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at)) text.erase(at, part.size());
  return text;
}

struct Folder {
  test::Tree tree;
  test::Running running;

  Folder() : running((tree.dir(folder), tree), "textfile", {{"collector.textfile.directory", tree.path(folder)}}) {}

  std::string path(std::string_view name) const { return std::string(folder).append("/").append(name); }
  void file(std::string_view name, std::string_view text) const { tree.file(path(name), text); }
  // Without what is the collector's own.
  std::string text() {
    auto all = own(false);
    CHECK(test::fault_of_exposition(own(true)) == "");
    return all;
  }
  std::string own(bool with) {
    std::string kept;
    auto all = without(running.text(), tree.path(""));
    for (std::string_view rest = all; !rest.empty();) {
      const auto line = scan::take_line(rest);
      if (with || line.find("node_textfile_") == line.npos) kept.append(line).push_back('\n');
    }
    return kept;
  }
  // "a.prom: reason" of those that are not shown whole.
  std::vector<std::string> faults() {
    static_cast<void>(running.collect());
    std::vector<std::string> all;
    const auto rows = nlohmann::json::parse(running.json_of("textfile_files"));
    for (const auto& row : rows) {
      CHECK(row["reason"].get<std::string>().empty() == (row["state"] == "ok"));
      const auto name = fs::path(row["file"].get<std::string>()).filename().native();
      if (row["state"] != "ok") all.push_back(name + ": " + row["reason"].get<std::string>());
    }
    return all;
  }
  bool error() { return test::lines(running.text(), "node_textfile_scrape_error") == "node_textfile_scrape_error 1\n"; }
};

using Faults = std::vector<std::string>;

}  // namespace

TEST_SUITE("service/textfile") {
  TEST_CASE("what a scrape shows of a folder") {
    Folder it;
    it.file("b.prom", "# HELP up Whether it \\\\ runs.\\nOr not.\n# TYPE up gauge\nup{job=\"a\\\"b\"} 1\n");
    it.file("a.prom", "runs_total 3\n");
    it.file("c.txt", "no sense\n");
    it.file(".hidden.prom", "h 1\n");
    const timespec times[] = {{1'700'000'000, 999'999'999}, {1'700'000'000, 999'999'999}};
    for (const char* name : {"a.prom", "b.prom", ".hidden.prom"})
      REQUIRE(::utimensat(AT_FDCWD, it.tree.path(it.path(name)).c_str(), times, 0) == 0);
    CHECK(it.own(true) ==
          "# HELP node_textfile_mtime_seconds When the file was last written, in Unix time.\n"
          "# TYPE node_textfile_mtime_seconds gauge\n"
          "node_textfile_mtime_seconds{file=\"metrics/.hidden.prom\"} 1700000000\n"
          "node_textfile_mtime_seconds{file=\"metrics/a.prom\"} 1700000000\n"
          "node_textfile_mtime_seconds{file=\"metrics/b.prom\"} 1700000000\n"
          "# HELP node_textfile_scrape_error Whether a folder, a file or a part of one could not be shown.\n"
          "# TYPE node_textfile_scrape_error gauge\nnode_textfile_scrape_error 0\n"
          "# HELP h Read from metrics/.hidden.prom.\n# TYPE h untyped\nh 1\n"
          "# HELP runs_total Read from metrics/a.prom.\n# TYPE runs_total untyped\nruns_total 3\n"
          "# HELP up Whether it \\\\ runs.\\nOr not.\n# TYPE up gauge\nup{job=\"a\\\"b\"} 1\n");
    CHECK(it.running.remarks.told.empty());
  }

  TEST_CASE("what the API shows") {
    Folder it;
    it.file("a.prom", "m{x=\"1\"} NaN\n");
    it.file("b.prom", "m\n");
    static_cast<void>(it.running.collect());
    const auto shown = nlohmann::json::parse(it.running.json_of("families"));
    CHECK(shown.dump() ==
          R"([{"help":"Read from )" + it.tree.path(it.path("a.prom")) +
              R"(.","hidden":false,"name":"m","samples":[{"labels":{"x":"1"},"name":"m","value":null}],)"
              R"("type":"untyped"}])");
    const auto files = nlohmann::json::parse(it.running.json_of("textfile_files"));
    REQUIRE(files.size() == 2);
    CHECK(files[0]["state"] == "ok");
    CHECK(files[0]["mtime_seconds"].is_number());
    CHECK(files[1]["state"] == "parse");
    CHECK(files[1]["mtime_seconds"].is_null());
    CHECK(files[1]["reason"] == "line 1: the value is not a number");
  }

  TEST_CASE("without a folder there is nothing but that nothing failed") {
    test::Tree tree;
    test::Running running(tree, "textfile");
    CHECK(test::lines(running.text(), "node_") == "node_textfile_scrape_error 0\n");
    CHECK(running.remarks.told.empty());
    tree.file("var/lib/prometheus/node-exporter/a.prom", "m 1\n");
    CHECK(test::lines(running.text(), "m ") == "m 1\n");
    test::Running named(tree, "textfile", {{"collector.textfile.directory", tree.path("nowhere")}});
    CHECK(test::lines(named.text(), "node_") == "node_textfile_scrape_error 1\n");
    CHECK(named.remarks.told == Faults{tree.path("nowhere") + ": there is no such folder"});
    tree.file("nowhere/bad.prom", "m\n");
    CHECK(test::lines(named.text(), "node_textfile_scrape_error") == "node_textfile_scrape_error 1\n");
    REQUIRE(named.remarks.told.size() == 3);  // the folder is there now, and the file fails
    CHECK(std::ranges::count(named.remarks.told, tree.path("nowhere works again")) == 1);
    tree.remove("nowhere/bad.prom");
    named.text();
    CHECK(named.remarks.told.back() == tree.path("nowhere/bad.prom works again"));
    CHECK(named.remarks.told.size() == 4);
    test::Running none(tree, "textfile", {{"collector.textfile.directory", ""}});
    CHECK(test::lines(none.text(), "m ") == "");
  }

  TEST_CASE("labels that only some samples have are empty elsewhere, and all in order") {
    Folder it;
    it.file("a.prom", "m{f=\"a\"} 1\nm{z=\"\",h=\"x\"} 4\nm 3\n");
    it.file("b.prom", "m{q=\"1\"} 1\n");
    CHECK(it.text() ==
          "# HELP m Read from metrics/a.prom, metrics/b.prom.\n# TYPE m untyped\n"
          "m{f=\"a\",h=\"\",z=\"\"} 1\nm{f=\"\",h=\"x\",z=\"\"} 4\nm{f=\"\",h=\"\",z=\"\"} 3\nm{q=\"1\"} 1\n");
  }

  TEST_CASE("histograms and summaries have Go's bounds, and a last bucket") {
    Folder it;
    it.file("a.prom",
            "# HELP h Some.\n# TYPE h histogram\nh_bucket{x=\"1\",le=\"1000000\"} 1\nh_bucket{le=\"0.50\",x=\"1\"} 1\n"
            "h_bucket{le=\"0.00001\",x=\"1\"} 0\nh_bucket{le=\"123456789\",x=\"1\"} 4\nh_sum{x=\"1\"} 4.5\n"
            "h_count{x=\"1\"} 7\nh_bucket{le=\"+Inf\",x=\"2\"} 9\nh_count{x=\"2\"} 9\n"
            "# HELP s Some.\n# TYPE s summary\ns{quantile=\"0.90\"} 5\ns_sum 3\ns_count 2\n");
    CHECK(it.text() ==
          "# HELP h Some.\n# TYPE h histogram\nh_bucket{x=\"1\",le=\"1e+06\"} 1\nh_bucket{x=\"1\",le=\"0.5\"} 1\n"
          "h_bucket{x=\"1\",le=\"1e-05\"} 0\nh_bucket{x=\"1\",le=\"1.23456789e+08\"} 4\nh_sum{x=\"1\"} 4.5\n"
          "h_bucket{x=\"1\",le=\"+Inf\"} 7\nh_count{x=\"1\"} 7\nh_bucket{x=\"2\",le=\"+Inf\"} 9\nh_count{x=\"2\"} 9\n"
          "# HELP s Some.\n# TYPE s summary\ns{quantile=\"0.9\"} 5\ns_sum 3\ns_count 2\n");
    it.file("a.prom", "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"1.0\"} 1\n");
    CHECK(it.faults() == Faults{"a.prom: line 3: a series for the second time"});
  }

  TEST_CASE("one family in several files is one, with the first help that is given") {
    Folder it;
    it.file("a.prom", "m{f=\"a\"} 1\n");
    it.file("b.prom", "# HELP m Of b.\nm{f=\"b\"} 2\n");
    it.file("c.prom", "# HELP m Of b.\nm{f=\"c\"} 3\n");
    CHECK(it.text() == "# HELP m Of b.\n# TYPE m untyped\nm{f=\"a\"} 1\nm{f=\"b\"} 2\nm{f=\"c\"} 3\n");
    CHECK_FALSE(it.error());
  }

  TEST_CASE("what an earlier file tells otherwise is left out, and the rest of the file is not") {
    Folder it;
    it.file("a.prom", "# HELP m Of a.\n# TYPE m gauge\nm{f=\"a\"} 1\nt 1\nd 1\n# TYPE h histogram\nh_sum 1\n");
    it.file("b.prom", "# HELP m Of b.\n# TYPE m gauge\nm{f=\"b\"} 2\nother 2\n");
    it.file("c.prom", "# TYPE t counter\nt{x=\"1\"} 2\nthird 3\n");
    it.file("d.prom", "d{x=\"1\"} 1\nd 2\nfourth 4\n");
    it.file("e.prom", "h_count 2\nfifth 5\n");
    it.file("f.prom", "node_textfile_scrape_error 7\nvitald_x 1\nsixth 6\n");
    const auto text = it.text();
    CHECK(test::lines(text, "m") == "m{f=\"a\"} 1\n");
    CHECK(test::lines(text, "t") == "t 1\nthird 3\n");
    CHECK(test::lines(text, "d") == "d 1\n");
    CHECK(test::lines(text, "h") == "h_sum 1\n");
    CHECK(test::lines(text, "o") == "other 2\n");
    CHECK(test::lines(text, "f") == "fourth 4\nfifth 5\n");
    CHECK(test::lines(text, "vitald") == "");
    CHECK(it.error());
    CHECK(it.faults() ==
          Faults{"b.prom: the family m is left out: its help is another than in an earlier file",
                 "c.prom: the family t is left out: its type is another than in an earlier file",
                 "d.prom: the family d is left out: a series of it stands in an earlier file",
                 "e.prom: the family h_count is left out: its samples have the names of another family's",
                 "f.prom: the family node_textfile_scrape_error is left out: its name is the daemon's own"});
    CHECK(test::lines(it.own(true), "node_textfile_mtime_seconds").find("b.prom") != std::string::npos);
  }

  TEST_CASE("a file with timestamps is left out whole") {
    Folder it;
    it.file("a.prom", "m 1\nn 1 5\n");
    it.file("b.prom", "o 1\n");
    CHECK(test::lines(it.text(), "") == "# HELP o Read from metrics/b.prom.\n# TYPE o untyped\no 1\n");
    CHECK(it.faults() == Faults{"a.prom: line 2: a timestamp, which text files may not have"});
  }

  TEST_CASE("each file fails alone, says why once, and is shown as soon as it is well") {
    Folder it;
    const std::pair<const char*, const char*> faulty[] = {
        {"m 1", "line 1: the text ends within the line"},
        {"m{x=\"\xFF\"} 1\n", "line 1: bytes that are no UTF-8"},
        {"ok 1\n{x=\"1\"} 1\n", "line 2: no valid metric name where one must stand"},
        {"m 1\nm 1\n", "line 2: a series for the second time"},
        {"root:$6$secret:1:0:99999:7:::\n", "line 1: the value is not a number"},
    };
    it.file("well.prom", "well 1\n");
    for (const auto& [text, reason] : faulty) {
      it.running.remarks.told.clear();
      it.file("a.prom", text);
      CHECK(test::lines(it.text(), "well") == "well 1\n");
      CHECK(it.faults() == Faults{std::string("a.prom: ") + reason});
      CHECK(it.error());
      CHECK(it.running.remarks.told == Faults{it.tree.path(it.path("a.prom: ")) + reason});
      it.file("a.prom", "m 2\n");
      CHECK(test::lines(it.text(), "m ") == "m 2\n");
      CHECK_FALSE(it.error());
      CHECK(it.running.remarks.told.back() == it.tree.path(it.path("a.prom works again")));
    }
    it.file("a.prom", "");
    CHECK(it.faults().empty());
    it.tree.remove(it.path("a.prom"));
    CHECK(test::lines(it.text(), "m ") == "");
  }

  TEST_CASE("what is no plain file, or too large, is refused before it is read") {
    Folder it;
    it.file("well.prom", "well 1\n");
    const test::Growth growth;
    for (const auto& [how, name] : test::all_broken) {
      if (how == test::Broken::forbidden || how == test::Broken::empty) continue;
      CAPTURE(name);
      test::put(it.tree, it.path("a.prom"), how, "");
      CHECK(it.faults().size() == 1);
      CHECK(test::lines(it.text(), "well") == "well 1\n");
    }
    test::put(it.tree, it.path("a.prom"), test::Broken::huge, "");
    CHECK(it.faults() == Faults{"a.prom: it is larger than 16 MiB"});
    test::put(it.tree, it.path("a.prom"), test::Broken::endless, "");
    CHECK(it.faults() == Faults{"a.prom: it is not a plain file"});
    test::put(it.tree, it.path("a.prom"), test::Broken::pipe, "");
    CHECK(it.faults() == Faults{"a.prom: it is not a plain file"});
    it.tree.link(it.path("a.prom"), "nowhere");
    CHECK(it.faults() == Faults{"a.prom: it is not there"});
    CHECK(growth.kib() <= 32 * 1024);
  }

  TEST_CASE("links to files and folders are followed, by the probe") {
    Folder it;
    it.tree.file("elsewhere/real", "m 1\n");
    it.tree.link(it.path("a.prom"), "../elsewhere/real");
    CHECK(test::lines(it.text(), "m ") == "m 1\n");
    it.tree.file("elsewhere/real", "m 2\n");
    CHECK(test::lines(it.text(), "m ") == "m 2\n");
    CHECK(std::ranges::count(it.running.probe.asked, it.tree.path(it.path("*.prom"))) >= 2);
    it.tree.remove(it.path("a.prom"));
    it.tree.link("way", folder);
    it.file("b.prom", "b 1\n");
    test::Running through(it.tree, "textfile", {{"collector.textfile.directory", it.tree.path("way")}});
    CHECK(test::lines(through.text(), "b ") == "b 1\n");
  }

  TEST_CASE("folders may be patterns, and one that is named twice counts once") {
    test::Tree tree;
    tree.file("a/x/1.prom", "m{f=\"1\"} 1\n");
    tree.file("a/y/2.prom", "m{f=\"2\"} 1\n");
    tree.file("a/z/not", "");
    tree.dir("a/[q]");
    tree.file("b/3.prom", "m{f=\"3\"} 1\n");
    test::Flags flags;
    for (const char* path : {"a/*", "b", "./b/", "c*"})
      flags.emplace_back("collector.textfile.directory", tree.path(path));
    test::Running running(tree, "textfile", flags);
    CHECK(test::lines(running.text(), "m") == "m{f=\"1\"} 1\nm{f=\"2\"} 1\nm{f=\"3\"} 1\n");
    CHECK(running.remarks.told == Faults{tree.path("c*: there is no such folder")});
    tree.file("c1/4.prom", "m{f=\"4\"} 1\n");
    CHECK(test::lines(running.text(), "m") == "m{f=\"1\"} 1\nm{f=\"2\"} 1\nm{f=\"3\"} 1\nm{f=\"4\"} 1\n");
    tree.file("a/[q]/5.prom", "n 1\n");
    test::Running literal(tree, "textfile", {{"collector.textfile.directory", tree.path("a/[q]")}});
    CHECK(test::lines(literal.text(), "n ") == "n 1\n");
  }

  TEST_CASE("limits are told when they bite") {
    Folder it;
    std::string large(12 << 20, '\n');
    for (const char* name : {"a.prom", "b.prom", "c.prom"}) it.file(name, large);
    CHECK(it.faults() == Faults{"c.prom: all files together are larger than 32 MiB"});
    it.file("a.prom", "a 1\n");
    CHECK(it.faults().empty());
    for (const char* name : {"b.prom", "c.prom"}) it.tree.remove(it.path(name));
    std::string wide;
    for (int i = 0; i < 2000; ++i) wide += "m{l" + std::to_string(i) + "=\"1\"} 1\n";
    it.file("a.prom", wide);
    CHECK(it.faults() == Faults{"a.prom: more samples, families or labels than are taken"});
    std::string many;
    for (int i = 0; i < 140'000; ++i) many += "m" + std::to_string(i) + " 1\n";
    it.file("a.prom", many);
    it.file("b.prom", "x" + many);
    CHECK(it.faults().empty() == false);
    it.tree.remove(it.path("a.prom"));
    it.tree.remove(it.path("b.prom"));
    for (int i = 0; i < 4100; ++i) it.file(std::to_string(i) + ".prom", "");
    CHECK(it.faults() == Faults{"metrics: it has more files than are read"});
  }

  TEST_CASE("files that did not change are neither read nor parsed again, and nothing is allocated") {
    Folder it;
    it.tree.file("elsewhere/real", "m{x=\"a\\\\b\"} 1\n");
    it.tree.link(it.path("a.prom"), "../elsewhere/real");  // so that the probe is asked, which a test can see
    it.file("b.prom", "n 1\n");
    const auto reads = [&] {
      it.running.probe.asked.clear();
      static_cast<void>(it.running.collect());
      return std::ranges::count_if(it.running.probe.asked, [](const auto& path) { return !path.ends_with("*.prom"); });
    };
    CHECK(reads() == 2);
    while (reads() != 0) continue;  // until the stamps are old enough to be trusted
    CHECK(reads() == 0);
    it.tree.file("elsewhere/real", "m 22\n");
    CHECK(reads() >= 1);
    CHECK(test::lines(it.text(), "m ") == "m 22\n");

    Folder plain;
    plain.file("a.prom", "m{x=\"1\"} 1\n# TYPE h histogram\nh_count 1\n");
    static_cast<void>(plain.running.collect());
    CHECK(test::allocations_of([&] { CHECK(plain.running.collect().has_value()); }) == 0);
  }

  TEST_CASE("a folder that does not answer is told, and shown again when it does") {
    Folder it;
    it.file("b.prom", "n 1\n");
    it.tree.link(it.path("a.prom"), "b.prom");
    CHECK(it.faults() == Faults{"b.prom: the family n is left out: a series of it stands in an earlier file"});
    it.running.probe.silent = true;
    CHECK(it.text() == "");
    CHECK(it.faults() == Faults{"metrics: no answer in time"});
    it.running.probe.silent = false;
    CHECK(test::lines(it.text(), "n ") == "n 1\n");
  }
}

}  // namespace textfile_test
