#include "daemon/diff/compare.hpp"

#include "collectors/base/filter.hpp"
#include "daemon/diff/known.hpp"

#include <doctest/doctest.h>

namespace compare_test {

using namespace vitald;
using namespace vitald::diff;

namespace {

using Pages = std::vector<std::string>;

Side side(const Pages& pages) {
  Side made;
  for (const auto& page : pages) REQUIRE_MESSAGE(made.add(page).has_value(), page);
  return made;
}

// "lost family x", a line each; a known one ends in a reason.
std::string told(const Pages& ours, const Pages& theirs) {
  std::string text;
  for (const auto& each : compare(side(ours), side(theirs), "them")) {
    text.append(name_of(each.what)).append(" ").append(each.family);
    if (!each.detail.empty()) text.append(": ").append(each.detail);
    if (each.explained) text.append(" (known)");
    text += "\n";
  }
  return text;
}

const std::string old_peer = "node_exporter_build_info{version=\"1.5.0\"} 1\n";

}  // namespace

TEST_SUITE("diff/compare") {
  TEST_CASE("pages that say the same differ in nothing, however they say it") {
    CHECK(told({"# TYPE a gauge\na{x=\"1\",y=\"2\"} 10\nb 1.5e3\n"}, {"a{y=\"2\",x=\"1\",z=\"\"} 1e1\nb 1500\n"}) ==
          "");
    CHECK(told({"a NaN\nb +Inf\n"}, {"a NaN\nb +Inf\n"}) == "");
  }

  TEST_CASE("families, series, labels and types that are lost, gained or changed") {
    CHECK(told({"a 1\n"}, {"b 1\n"}) == "lost family b\ngained family a\n");
    CHECK(told({"a{x=\"1\"} 1\na{x=\"3\"} 1\n"}, {"a{x=\"1\"} 1\na{x=\"2\"} 1\n"}) ==
          "lost series a: a{x=\"2\"}\ngained series a: a{x=\"3\"}\n");
    CHECK(told({"a{x=\"1\",new=\"n\"} 1\n"}, {"a{x=\"1\",old=\"o\"} 1\n"}) ==
          "lost label a: old\ngained label a: new\n");
    CHECK(told({"# TYPE a counter\na 1\n"}, {"# TYPE a gauge\na 1\n"}) == "changed type a: gauge is now counter\n");
    CHECK(told({"# TYPE a counter\na 1\n"}, {"a 1\n"}) == "");  // nothing is said of it there
    CHECK(told({"# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n"},
               {"# TYPE a histogram\na_bucket{le=\"1\"} 1\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n"}) ==
          "lost series a: a_bucket{le=\"1\"}\n");
  }

  TEST_CASE("a value that rests must be the same to the last digit; one that moves must be near") {
    CHECK(told({"a 1\n", "a 1\n"}, {"a 1.0000000000000002\n", "a 1.0000000000000002\n"}) ==
          "changed value a: a 1.0000000000000002, 1.0000000000000002 is now 1, 1\n");
    CHECK(told({"a 10\n", "a 14\n"}, {"a 12\n", "a 16\n"}) == "");
    CHECK(told({"a 10\n", "a 11\n"}, {"a 12\n", "a 12\n"}) == "");
    CHECK(told({"a 1000\n", "a 1001\n"}, {"a 980\n", "a 980\n"}) == "");
    CHECK(told({"a 1000\n", "a 1001\n"}, {"a 1\n", "a 2\n"}).starts_with("changed value a"));
    CHECK(told({"a 1\n"}, {"a NaN\n"}).starts_with("changed value a"));
  }

  TEST_CASE("what comes and goes is no difference") {
    CHECK(told({"a 1\n", "a 1\n"}, {"a 1\nb 1\n", "a 1\n"}) == "");
    CHECK(told({"a{x=\"1\"} 1\n", "a{x=\"1\"} 1\na{x=\"2\"} 1\n"}, {"a{x=\"1\"} 1\n", "a{x=\"1\"} 1\n"}) == "");
    CHECK(told({"a 1\n", "a 1\nb 1\n"}, {"b 1\na 1\n", "b 1\na 1\n"}) == "");
  }

  TEST_CASE("known differences are told as such, for versions that are old enough") {
    CHECK(told({"node_cpu_online 1\n"}, {old_peer}) ==
          "lost family node_exporter_build_info (known)\ngained family node_cpu_online (known)\n");
    CHECK(told({"node_cpu_online 1\n"}, {"node_exporter_build_info{version=\"1.12.1\"} 1\n"}) ==
          "lost family node_exporter_build_info (known)\ngained family node_cpu_online\n");
    CHECK(told({"a 1\n"}, {"a 1\ngo_goroutines 7\n"}) == "lost family go_goroutines (known)\n");
    CHECK(told({"node_disk_info{device=\"sda\",rotational=\"0\"} 1\n" + old_peer},
               {"node_disk_info{device=\"sda\"} 1\n" + old_peer}) ==
          "gained label node_disk_info: rotational (known)\n");
    CHECK(told({"node_disk_info{device=\"sda\",odd=\"0\"} 1\n" + old_peer},
               {"node_disk_info{device=\"sda\"} 1\n" + old_peer}) == "gained label node_disk_info: odd\n");
    CHECK(told({"node_disk_io_now{device=\"sda\"} 1\n"},
               {"node_disk_io_now{device=\"sda\"} 1\nnode_disk_io_now{device=\"zram0\"} 1\n"}) ==
          "lost series node_disk_io_now: node_disk_io_now{device=\"zram0\"} (known)\n");
    CHECK(told({"node_arp_entries 1\n"}, {"node_arp_entries 2\n"}).ends_with("(known)\n"));
    CHECK(told({"a 1\n"}, {"a 1\nnode_arp_entries 2\n"}) ==
          "lost family node_arp_entries\n");  // its value alone is known
  }

  TEST_CASE("the reason of a loss: the collector's state, by the page and the catalogue") {
    const auto why = [](const std::string& ours, const std::string& theirs) {
      const auto all = compare(side({ours}), side({theirs}), "them");
      REQUIRE(all.size() >= 1);
      return all.front().why;
    };
    CHECK(why("a 1\n", "a 1\nnode_load1 1\n") == "collector loadavg is off");
    CHECK(why("vitald_collector_state{collector=\"loadavg\",state=\"permission\"} 1\n", "node_load1 1\n") ==
          "collector loadavg is in the state permission");
    CHECK(why("a 1\n", "a 1\nnode_no_such_thing 1\n") == "no collector of this build shows it");
    CHECK(why("node_scrape_collector_success{collector=\"stat\"} 1\n",
              "node_scrape_collector_success{collector=\"stat\"} 1\nnode_scrape_collector_success{collector=\"odd\"} "
              "1\n") == "collector odd is not in this build");
  }

  TEST_CASE("versions are compared by their numbers") {
    CHECK(older("1.9.0", "1.10.2"));
    CHECK(older("1.5", "1.5.1"));
    CHECK(older("", "1.0.0"));
    CHECK(!older("1.12.1", "1.12.0"));
    CHECK(!older("1.9.0", "1.9.0"));
    CHECK(older("1.9.0-rc.1+dirty", "1.9.1"));
  }

  TEST_CASE("every known difference has an expression that is right, and a reason") {
    for (const auto& known : known_differences()) {
      CHECK(fault_of_expression(known.families) == "");
      CHECK(fault_of_expression(known.values) == "");
      CHECK(known.why.size() > 10);
      CHECK((known.values.empty() || !known.label.empty()));
    }
  }

  TEST_CASE("what is known of a name's family is known of no other name that begins alike") {
    const Labels none;
    const auto explains = [&](Where where, const char* family) {
      return find_known({where, family, "", none}, "1.5.0");
    };
    CHECK(explains(Where::theirs, "node_memory_Hugetlb_bytes"));
    CHECK(!explains(Where::theirs, "node_memory_MemAvailable_bytes"));  // shown since ever, and here, too
    CHECK(explains(Where::theirs, "go_goroutines"));
    CHECK(explains(Where::theirs, "go_memstats_alloc_bytes"));
    CHECK(!explains(Where::theirs, "go_jobs_done_total"));
    CHECK(explains(Where::value, "process_cpu_seconds_total"));
    CHECK(!explains(Where::theirs, "process_cpu_seconds_total"));
    CHECK(!explains(Where::theirs, "process_restarts_total"));
  }

  TEST_CASE("a side says who it is, and refuses what is no page") {
    CHECK(side({old_peer}).program() == "node_exporter");
    CHECK(side({old_peer}).version() == "1.5.0");
    CHECK(side({old_peer + "vitald_build_info{version=\"2\"} 1\n"}).program() == "vitald");
    CHECK(side({"process_exporter_build_info{version=\"0.8\"} 1\n"}).program() == "process-exporter");
    CHECK(side({"a 1\n"}).program() == "");
    CHECK(Side().add("<html>\n").has_error());
    CHECK(Side().add("a 1").has_error());
  }
}

}  // namespace compare_test
