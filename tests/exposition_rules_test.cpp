#include "tests/support/whole_host.hpp"

#include <doctest/doctest.h>

namespace exposition_rules_test {

using vitald::test::fault_of_exposition;

TEST_SUITE("exposition rules") {
  TEST_CASE("what Prometheus reads is let pass") {
    CHECK(fault_of_exposition("") == "");
    CHECK(fault_of_exposition("# a remark\n") == "");
    CHECK(fault_of_exposition("# HELP a_total Some.\n# TYPE a_total counter\na_total 1\n"
                              "a_total{x=\"1\"} 1.5e+20\na_total{x=\"\\\\ \\\" \\n \xC3\xBC\",y=\"}\"} +Inf\n"
                              "# HELP b Some.\n# TYPE b gauge\nb -3\n") == "");
    CHECK(fault_of_exposition("# HELP h Some.\n# TYPE h histogram\nh_bucket{x=\"1\",le=\"1\"} 1\nh_sum{x=\"1\"} 1\n"
                              "h_count{x=\"1\"} 1\n# HELP s Some.\n# TYPE s summary\ns{z=\"\",quantile=\"0.5\"} 1\n"
                              "s_sum 1\ns_count 1\n") == "");
  }

  TEST_CASE("each fault is told") {
    const std::string head = "# HELP a Some.\n# TYPE a counter\n";
    for (const char* line : {
             "a 1",                     // no end
             "b 1\n",                   // of another family
             "a{x=\"1\",x=\"2\"} 1\n",  // a label twice
             "a{y=\"1\",x=\"2\"} 1\n",  // out of order
             "a{x=\"1} 1\n",            // not closed
             "a{x=\"\\t\"} 1\n",        // no such escape
             "a{x=\"\xFF\"} 1\n",       // no UTF-8
             "a{} 1\n",
             "a{x=1} 1\n",  // no label, no quotes
             "a\n",
             "a \n",
             "a x\n",
             "a 1 2\n",
             "a  1\n",
             "a 0x1\n",
             "a inf\n",
             "a -1\n",
             "a 1\na 1\n",        // a series twice
             "# HELP a Some.\n",  // a second head
             "# HELP b\n",
             "# TYPE b gauge\n",
             "# HELP b Some.\n# TYPE b info\n",
             "# HELP b Some.\n# TYPE b summary\nb_bucket 1\n",
             "# HELP b Some.\n# TYPE b histogram\nb 1\n",
             "# HELP b Some.\n# TYPE b gauge\nb_sum 1\n",
             "# HELP b Some.\n# TYPE b gauge\nb 1\na 2\n",  // apart from its family
         })
      CHECK_MESSAGE(fault_of_exposition(head + line) != "", line);
  }
}

}  // namespace exposition_rules_test
