#include "http/encode/open_metrics.hpp"

#include "http/api/foreign.hpp"
#include "http/api/metrics_text.hpp"
#include "http/encode/bounded_metrics.hpp"
#include "http/encode/foreign_open_metrics.hpp"
#include "tests/support/whole_host.hpp"

#include <doctest/doctest.h>

#include <cmath>

namespace open_metrics_test {

using namespace vitald;
using encode::Format;

namespace {

// A name of its own: g++ 12 takes a template over a member pointer for the same in every file.
struct Counted {
  std::string_view name;
  std::uint64_t value = 7;
};
constexpr Column columns[] = {
    counter<&Counted::value>("cpu_seconds_total", "Time \"spent\".", {"mode", "idle"}, "idle"),
    counter<&Counted::value>("cpu_seconds_total", "Time \"spent\".", {"mode", "user"}, "user"),
    counter<&Counted::value>(peer_name("intr"), "Not named as a counter."),
    gauge<&Counted::value>("size_bytes", "Size."),
    untyped<&Counted::value>("what", "Something."),
};
constinit const Table<Counted> table{{"some", "a test", {}, columns}};
constexpr Column open_columns[] = {open<&Counted::value>(Type::counter, "kernel_", "Its names are the kernel's.")};
constinit const Table<Counted> open_table{{"open", "a test", {}, open_columns, named<&Counted::name>}};
constexpr const Layout* layouts[] = {&table, &open_table};
constexpr Entry entry{"some", "Some.", true, Entry::Runs::fast, nullptr, layouts};

class OneCollector final : public http::Readings {
 public:
  std::span<const Known> known() const override { return known_; }
  void ask(const http::Selection&, Clock::duration, Ready) override {}
  std::shared_ptr<const http::View> latest() const override { return nullptr; }

 private:
  Known known_[1] = {{&entry, true}};
};

using Kind = Foreign::Kind;
using Samples = std::vector<Foreign::Sample>;

// One family as OpenMetrics, alone or behind others.
std::string shown(const std::vector<std::tuple<std::string_view, Kind, Samples>>& families, bool all_ours = false) {
  Foreign foreign;
  for (const auto& [name, kind, samples] : families)
    foreign.families.push_back({name, kind, "Help.", {std::span<const Foreign::Sample>(samples)}});
  encode::make_open_metrics(foreign, [=](std::string_view) { return all_ours; });
  const auto text = std::string(foreign.open_metrics.text.view());
  CHECK(test::fault_of_open_metrics(text + "# EOF\n") == "");
  return text;
}

std::string canonical(double value) {
  Out out;
  encode::canonical(out, value);
  return std::string(out.view());
}

}  // namespace

TEST_SUITE("encode/open_metrics") {
  TEST_CASE("counters lose their ending in the head and keep it in the sample; units and quotes are told as it wants") {
    Sheet<Counted> sheet(table);
    sheet.next();
    Out out;
    encode::Exposition(Format::open_metrics).write(sheet.rows(), out);
    CHECK(
        out.view() ==
        "# TYPE node_cpu_seconds counter\n# UNIT node_cpu_seconds seconds\n# HELP node_cpu_seconds Time "
        "\\\"spent\\\".\n"
        "node_cpu_seconds_total{mode=\"idle\"} 7\nnode_cpu_seconds_total{mode=\"user\"} 7\n"
        "# TYPE node_intr unknown\n# HELP node_intr Not named as a counter.\nnode_intr 7\n"
        "# TYPE node_size_bytes gauge\n# UNIT node_size_bytes bytes\n# HELP node_size_bytes Size.\nnode_size_bytes 7\n"
        "# TYPE node_what unknown\n# HELP node_what Something.\nnode_what 7\n");
  }

  TEST_CASE("where the kernel chooses the names, the name decides") {
    Sheet<Counted> sheet(open_table);
    sheet.next().name = "faults_total";
    sheet.next().name = "faults_now";
    Out out;
    encode::Exposition(Format::open_metrics).write(sheet.rows(), out);
    CHECK(out.view() ==
          "# TYPE node_kernel_faults counter\n# HELP node_kernel_faults Its names are the kernel's.\n"
          "node_kernel_faults_total 7\n"
          "# TYPE node_kernel_faults_now unknown\n# HELP node_kernel_faults_now Its names are the kernel's.\n"
          "node_kernel_faults_now 7\n");
  }

  TEST_CASE("numbers of bounds have one spelling") {
    CHECK(canonical(1) == "1.0");
    CHECK(canonical(0.25) == "0.25");
    CHECK(canonical(1e6) == "1e+06");
    CHECK(canonical(0.0001) == "0.0001");
    CHECK(canonical(0.00001) == "1e-05");
    CHECK(canonical(INFINITY) == "+Inf");
  }

  TEST_CASE("a histogram's samples stand together, by metric and by bound") {
    const Foreign::Label a1[] = {{"x", "a"}, {"le", "1"}}, a_end[] = {{"x", "a"}, {"le", "+Inf"}}, a[] = {{"x", "a"}},
                         b_end[] = {{"x", "b"}, {"le", "Inf"}}, b[] = {{"x", "b"}};
    CHECK(shown({{"h",
                  Kind::histogram,
                  {{"h_bucket", a_end, 3},
                   {"h_bucket", b_end, 0},
                   {"h_sum", b, 0},
                   {"h_bucket", a1, 2},
                   {"h_count", a, 3},
                   {"h_count", b, 0},
                   {"h_sum", a, 4.5}}}}) ==
          "# TYPE h histogram\n# HELP h Help.\n"
          "h_bucket{x=\"a\",le=\"1.0\"} 2\nh_bucket{x=\"a\",le=\"+Inf\"} 3\nh_sum{x=\"a\"} 4.5\nh_count{x=\"a\"} 3\n"
          "h_bucket{x=\"b\",le=\"+Inf\"} 0\nh_sum{x=\"b\"} 0\nh_count{x=\"b\"} 0\n");
    const Foreign::Label half[] = {{"quantile", "0.5"}};
    CHECK(shown({{"s", Kind::summary, {{"s_sum", {}, 2}, {"s", half, 1}, {"s_count", {}, 2}}}}) ==
          "# TYPE s summary\n# HELP s Help.\ns{quantile=\"0.5\"} 1\ns_sum 2\ns_count 2\n");
  }

  TEST_CASE("what is no histogram, summary or counter by the strict rules is shown as unknown, whole") {
    const Foreign::Label one[] = {{"le", "1"}}, end[] = {{"le", "+Inf"}}, nan[] = {{"le", "NaN"}},
                         two[] = {{"quantile", "2"}};
    for (const Samples& odd :
         {Samples{{"h_bucket", one, 1}, {"h_sum", {}, 1}, {"h_count", {}, 1}},
          Samples{{"h_bucket", end, 1}, {"h_count", {}, 1}},
          Samples{{"h_bucket", end, 1}, {"h_sum", {}, 1}, {"h_count", {}, 2}},
          Samples{{"h_bucket", one, 2}, {"h_bucket", end, 1}, {"h_sum", {}, 1}, {"h_count", {}, 1}},
          Samples{{"h_bucket", nan, 1}, {"h_bucket", end, 1}, {"h_sum", {}, 1}, {"h_count", {}, 1}},
          Samples{{"h_bucket", end, 1.5}, {"h_sum", {}, 1}, {"h_count", {}, 1.5}},
          Samples{{"h_bucket", end, 1}, {"h_sum", {}, -1}, {"h_count", {}, 1}}}) {
      const auto text = shown({{"h", Kind::histogram, odd}});
      CHECK(text.find("histogram") == text.npos);
      CHECK(static_cast<std::size_t>(std::ranges::count(text, '\n')) -
                2 * static_cast<std::size_t>(1 + (odd.size() > 2) + (odd.size() > 1)) <=
            odd.size());
    }
    CHECK(shown({{"s", Kind::summary, {{"s", two, 1}}}}) == "# TYPE s unknown\n# HELP s Help.\ns{quantile=\"2\"} 1\n");
    CHECK(shown({{"c_total", Kind::counter, {{"c_total", {}, -1}}}}) ==
          "# TYPE c_total unknown\n# HELP c_total Help.\nc_total -1\n");
    CHECK(shown({{"c", Kind::counter, {{"c", {}, 1}}}}) == "# TYPE c unknown\n# HELP c Help.\nc 1\n");
    CHECK(shown({{"c_total", Kind::counter, {{"c_total", {}, NAN}}}}).starts_with("# TYPE c_total unknown\n"));
  }

  TEST_CASE("no two families' names clash, neither with one another nor with the daemon's") {
    const Samples one{{"c_total", {}, 1}};
    CHECK(shown({{"c_total", Kind::counter, one}}).starts_with("# TYPE c counter\n"));
    CHECK(shown({{"c_total", Kind::counter, one}}, true).starts_with("# TYPE c_total unknown\n"));
    for (const auto other : {"c", "c_created"}) {
      const auto text = shown({{"c_total", Kind::counter, one}, {other, Kind::gauge, {{other, {}, 1}}}});
      CHECK(text.starts_with("# TYPE c_total unknown\n"));
    }
    const auto both =
        shown({{"c_total", Kind::counter, one}, {"c_created_total", Kind::counter, {{"c_created_total", {}, 1}}}});
    CHECK(both.find("# TYPE c counter\n") != both.npos);
    CHECK(both.find("# TYPE c_created_total unknown\n") != both.npos);
  }

  TEST_CASE("a page ends as it must, and passes by what would clash with its own counters") {
    auto page = std::make_shared<Page>();
    page->sheet(table).next();
    auto from_files = std::make_shared<Page>();
    auto foreign = std::make_shared<Foreign>();
    const Foreign::Sample sample[] = {{"x", {}, 9}};
    for (const auto name : {"first", "node_cpu_seconds", "node_cpu_seconds_created", "last"})
      foreign->families.push_back({name, Kind::gauge, "", {sample}});
    from_files->foreign = foreign;
    http::View view;
    view.readings.push_back({&entry, page, State::ok, {}, 0, 0, 0});
    view.readings.push_back({&entry, from_files, State::ok, {}, 0, 0, 0});
    OneCollector readings;
    http::MetricsText metrics;
    http::Context context;
    context.readings = &readings;
    CHECK(metrics.hidden(*foreign, view, context) == std::vector<bool>(4, false));
    CHECK(metrics.hidden(*foreign, view, context, Format::open_metrics) == std::vector<bool>{false, true, true, false});
    std::string text;
    const auto body = metrics.text(view, context, Format::open_metrics);
    for (const auto& part : body->parts) text += part.bytes;
    CHECK(text.ends_with("\n# EOF\n"));
    CHECK(text.find("node_cpu_seconds_created") == text.npos);
    CHECK(text.find("# TYPE last gauge") != text.npos);
    CHECK(text.find("# HELP last") == text.npos);  // it has none
  }
}

}  // namespace open_metrics_test
