#include "collectors/base/metrics_text.hpp"
#include "tests/support/allocations.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

namespace metrics_text_test {

using namespace vitald;
using namespace vitald::metrics_text;

namespace {

Result<void> parse(std::string_view text) { return Document().parse(text); }

// "1: reason", or nothing.
std::string fault_of(std::string_view text) {
  const auto done = parse(text);
  return done ? "" : std::to_string(done.error().line) + ": " + done.error().code.message();
}

std::string flaw(std::size_t line, Flaw flaw) { return std::to_string(line) + ": " + make_error_code(flaw).message(); }

void read(Document& document, std::string_view text) { REQUIRE(document.parse(text).has_value()); }

double value_of(std::string_view word) {
  double value = -1;
  return parse_number(word, value) ? value : -1;
}

}  // namespace

TEST_SUITE("base/metrics_text") {
  TEST_CASE("families with type and help, samples with labels, values and timestamps") {
    Document document;
    read(document,
         "# HELP a_total Some \\\\ help\\nof two lines.\n# TYPE a_total counter\n"
         "a_total{x=\"1\",y=\"a \\\"b\\\" \\\\ \\n}\"} 3\n\n# a remark\n"
         " \tb:c { z = \"\xC3\xBC\" , } +Inf -5\n# TYPE a_gauge GAUGE\na_gauge{} -1.5e3\n"
         "# HELP of_nothing Is not shown.\n");
    const auto families = document.families();
    REQUIRE(families.size() == 4);
    CHECK(families[0].name == "a_total");
    CHECK(families[0].help == "Some \\ help\nof two lines.");
    CHECK(families[0].kind == Kind::counter);
    CHECK(families[1].name == "b:c");
    CHECK_FALSE(families[1].has_help);
    CHECK_FALSE(families[1].has_type);
    CHECK(families[1].kind == Kind::untyped);
    CHECK(families[2].kind == Kind::gauge);
    CHECK(families[3].samples == 0);
    const auto samples = document.samples();
    REQUIRE(samples.size() == 3);
    REQUIRE(document.labels(samples[0]).size() == 2);
    CHECK(document.labels(samples[0])[0].name == "x");
    CHECK(document.labels(samples[0])[1].value == "a \"b\" \\ \n}");
    CHECK(samples[0].value == 3);
    CHECK_FALSE(samples[0].timestamp.has_value());
    CHECK(document.labels(samples[1])[0].value == "\xC3\xBC");
    CHECK(samples[1].value == std::numeric_limits<double>::infinity());
    CHECK(samples[1].timestamp == -5);
    CHECK(samples[2].family == 2);
    CHECK(samples[2].value == -1500);
    CHECK(document.labels(samples[2]).empty());
  }

  TEST_CASE("histograms and summaries have their suffixed samples") {
    Document document;
    read(document,
         "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_sum 3\nh_count 2\n"
         "# TYPE s summary\ns{quantile=\"0.5\"} 1\ns_sum 3\ns_count 2\ns_bucket 7\nh_other 8\n");
    REQUIRE(document.families().size() == 4);
    CHECK(document.families()[0].samples == 4);
    CHECK(document.families()[1].samples == 3);
    CHECK(document.families()[2].name == "s_bucket");
    CHECK(document.families()[3].name == "h_other");
    CHECK(document.samples()[2].name == "h_sum");
  }

  TEST_CASE("a name that ends like a histogram's is a family where there is none before it") {
    Document document;
    read(document, "h_count 1\n# TYPE h histogram\nh_sum 1\n");
    CHECK(document.families()[0].name == "h_count");
    CHECK(document.families()[1].samples == 1);
  }

  TEST_CASE("each fault is told with its line") {
    CHECK(fault_of("") == "");
    CHECK(fault_of("\n \n#\n# \n#x\n# HELP\n# TYPE \n# HELP a\n# TYPE a\n# TYPE a \n  ") == "");
    CHECK(fault_of("a 1") == flaw(1, Flaw::cut));
    CHECK(fault_of("a 1\n# no end") == flaw(2, Flaw::cut));
    CHECK(fault_of("# HELP a x\n# HELP a y\n") == flaw(2, Flaw::second_help));
    CHECK(fault_of("# TYPE a gauge\n# TYPE a gauge\n") == flaw(2, Flaw::second_type));
    CHECK(fault_of("a 1\n# TYPE a gauge\n") == flaw(2, Flaw::second_type));
    CHECK(fault_of("a 1\n# HELP a Late.\n") == "");
    CHECK(fault_of("# TYPE h histogram\n# TYPE h_sum gauge\n") == flaw(2, Flaw::second_type));
    for (const char* line :
         {"{x=\"1\"} 1", "1a 1", "\xC3\xBC 1", "-a 1", "# HELP 1a x", "# TYPE a! gauge", "# HELP a{ x"})
      CHECK_MESSAGE(fault_of("ok 1\n" + std::string(line) + "\n") == flaw(2, Flaw::no_name), line);
    for (const char* line : {"# TYPE a", "# TYPE a gauges", "# TYPE a gauge ", "# TYPE a gauge\r", "# TYPE a info"})
      CHECK_MESSAGE(
          fault_of(std::string(line) + "\n") == (std::string(line) == "# TYPE a" ? "" : flaw(1, Flaw::unknown_type)),
          line);
    for (const char* line : {"a{x=\"\\t\"} 1", "# HELP a \\t", "# HELP a \\\"", "# HELP a x\\"})
      CHECK_MESSAGE(fault_of(std::string(line) + "\n") == flaw(1, Flaw::bad_escape), line);
    for (const char* line : {"a{x=\"\xFF\"} 1", "# HELP a \xC3", "a{x=\"\xED\xA0\x80\"} 1"})
      CHECK_MESSAGE(fault_of(std::string(line) + "\n") == flaw(1, Flaw::not_utf8), line);
    for (const char* line : {"a{=\"1\"} 1", "a{x} 1", "a{x=1} 1", "a{1x=\"1\"} 1", "a{x:y=\"1\"} 1", "a{,} 1",
                             "a{__name__=\"b\"} 1", "a{x='1'} 1", "a{x==\"1\"} 1", "a{x=\"1\",,} 1"})
      CHECK_MESSAGE(fault_of(std::string(line) + "\n") == flaw(1, Flaw::bad_label), line);
    for (const char* line : {"a{", "a{x=\"1", "a{x=\"1\\", "a{x=\"1\" 1", "a{x=\"1\",", "a{x=\"1\"y=\"2\"} 1"})
      CHECK_MESSAGE(fault_of(std::string(line) + "\n") == flaw(1, Flaw::open_labels), line);
    CHECK(fault_of("a{x=\"1\",x=\"2\"} 1\n") == flaw(1, Flaw::double_label));
    for (const char* line :
         {"a",   "a ",  "a{}",  "a x",   "a 1x",  "a 0x10", "a 0x1p4", "a 1_0",    "a 1e400", "a -",
          "a +", "a .", "a 1e", "a +-1", "a --1", "a 1\r",  "a +nan",  "a nan(1)", "a in",    "a{x=\"1\"} \"1\""})
      CHECK_MESSAGE(fault_of(std::string(line) + "\n") == flaw(1, Flaw::bad_value), line);
    for (const char* line : {"a 1 ", "a 1 5 ", "a 1 x", "a 1 1.5", "a 1 1 1", "a 1 +-1", "a 1 9223372036854775808"})
      CHECK_MESSAGE(fault_of(std::string(line) + "\n") == flaw(1, Flaw::bad_timestamp), line);
    for (const char* line : {"h_bucket 1", "h_bucket{le=\"x\"} 1", "h_bucket{le=\"\"} 1"})
      CHECK_MESSAGE(fault_of("# TYPE h histogram\n" + std::string(line) + "\n") == flaw(2, Flaw::bad_bound), line);
    CHECK(fault_of("# TYPE s summary\ns 1\n") == flaw(2, Flaw::bad_bound));
    CHECK(fault_of("# TYPE h histogram\nh 1\n") == flaw(2, Flaw::odd_sample));
    CHECK(fault_of("# TYPE h histogram\nh{le=\"1\"} 1\n") == flaw(2, Flaw::odd_sample));
  }

  TEST_CASE("a series may be there once, however its labels are ordered") {
    CHECK(fault_of("a 1\na 1\n") == flaw(2, Flaw::double_series));
    CHECK(fault_of("a{x=\"1\",y=\"2\"} 1\nb 1\na{y=\"2\",x=\"1\"} 3\n") == flaw(3, Flaw::double_series));
    CHECK(fault_of("a 1\na{x=\"\"} 1\n") == flaw(2, Flaw::double_series));
    CHECK(fault_of("a{x=\"1\"} 1\na{y=\"1\"} 1\na 1\nb 1\na{x=\"2\"} 1\na{x=\"1\",y=\"1\"} 1\n") == "");
    std::string many;
    for (int i = 0; i < 3000; ++i) many += "a{x=\"" + std::to_string(i) + "\"} 1\n";
    CHECK(fault_of(many) == "");
    CHECK(fault_of(many + "a{x=\"17\"} 1\n") == flaw(3001, Flaw::double_series));
  }

  TEST_CASE("many labels are told apart as few are") {
    std::string line = "a{";
    for (int i = 0; i < 500; ++i) line += "x" + std::to_string(i) + "=\"\",";
    CHECK(fault_of(line + "} 1\n") == "");
    CHECK(fault_of(line + "x7=\"\"} 1\n") == flaw(1, Flaw::double_label));
  }

  TEST_CASE("a text that is cut anywhere but behind a line is refused, and never read past its end") {
    const std::string text = "# HELP a x\\n\n# TYPE a gauge\na{x=\"\\\"\xC3\xBC\"} 1.5 17\nb 1\n";
    for (std::size_t size = 1; size < text.size(); ++size) {
      const std::string cut(text, 0, size);
      CHECK_MESSAGE(parse(cut).has_value() == (cut.back() == '\n'), cut);
    }
  }

  TEST_CASE("numbers are read as Go reads them") {
    CHECK(value_of("1.") == 1);
    CHECK(value_of(".5") == 0.5);
    CHECK(value_of("+1E3") == 1000);
    CHECK(value_of("1e-400") == 0);
    CHECK(value_of("0.1e-310") == 0.1e-310);
    CHECK(value_of("18446744073709551615") == 18446744073709551615.0);
    CHECK(std::signbit(value_of("-0")));
    CHECK(std::isnan(value_of("nAn")));
    for (const char* word : {"inf", "+INF", "Infinity", "+iNfInItY"}) CHECK(std::isinf(value_of(word)));
    CHECK(value_of("-Inf") < 0);
    CHECK(std::isinf(value_of("-Inf")));
  }

  TEST_CASE("more samples or families than asked for are refused") {
    Document document(2);
    CHECK(document.parse("a 1\nb 1\n").has_value());
    CHECK(document.parse("a 1\nb 1\nc 1\n").error().code == Flaw::too_many);
    CHECK(document.parse("# HELP a x\n# HELP b x\n# HELP c x\n").error().line == 3);
  }

  TEST_CASE("once warm it allocates nothing") {
    std::string text =
        "# HELP a_metric_of_some_length Says something \\\\ here.\n# TYPE a_metric_of_some_length gauge\n";
    for (int i = 0; i < 100; ++i)
      text += "a_metric_of_some_length{path=\"a\\\\b" + std::to_string(i) + "\",b=\"\"} 1\n";
    Document document;
    read(document, text);
    CHECK(test::allocations_of([&] { CHECK(document.parse(text).has_value()); }) == 0);
    document.give_back();
    CHECK(document.samples().empty());
  }
}

}  // namespace metrics_text_test
