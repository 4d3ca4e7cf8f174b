#include "http/encode/foreign.hpp"

#include "http/api/foreign.hpp"
#include "http/api/metrics_text.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace foreign_test {

using namespace vitald;

namespace {

struct Row {
  std::string_view name;
  std::optional<double> value;
};
constexpr Column columns[] = {gauge<&Row::value>("load1", "Load."), gauge<&Row::value>("load5", "Load.")};
constinit const Table<Row> table{{"load", "a test", {}, columns}};
constexpr Column open_columns[] = {open<&Row::value>(Type::gauge, "memory_", "Memory.")};
constinit const Table<Row> open_table{{"memory", "a test", {}, open_columns, named<&Row::name>}};
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

Foreign::Family family(std::string_view name, std::span<const Foreign::Sample> samples,
                       Foreign::Kind kind = Foreign::Kind::untyped) {
  return {name, kind, "Help of \\ it,\nin two lines.", {samples}};
}

}  // namespace

TEST_SUITE("encode/foreign") {
  TEST_CASE("text and JSON, escaped as each wants it") {
    const Foreign::Label labels[] = {{"a", "\"\\\n"}, {"b", ""}};
    const Foreign::Sample samples[] = {{"m", labels, std::numeric_limits<double>::infinity()}, {"m", {}, 1.5}};
    Foreign foreign;
    foreign.families.push_back(family("m", samples));
    encode::make_text(foreign);
    encode::make_text(foreign);
    CHECK(foreign.text.text.view() ==
          "# HELP m Help of \\\\ it,\\nin two lines.\n# TYPE m untyped\nm{a=\"\\\"\\\\\\n\",b=\"\"} +Inf\nm 1.5\n");
    Out out;
    encode::json(foreign, {true}, out);
    CHECK(out.view() == R"([{"name":"m","type":"untyped","help":"Help of \\ it,\u000ain two lines.","hidden":true,)"
                        R"("samples":[{"name":"m","labels":{"a":"\"\\\u000a","b":""},"value":null},)"
                        R"({"name":"m","labels":{},"value":1.5}]}])");
  }

  TEST_CASE("a page shows no family twice: its own tables go before") {
    const Foreign::Sample samples[] = {{"x", {}, 9}};
    auto foreign = std::make_shared<Foreign>();
    for (const auto name : {"first", "node_load1", "node_load5", "node_memory_Free", "node_memory_other", "last"})
      foreign->families.push_back(family(name, samples));
    foreign->families.push_back(family("node_load1", samples, Foreign::Kind::summary));
    auto page = std::make_shared<Page>();
    page->sheet(table).next() = {"", 1.0};
    page->sheet(open_table).next() = {"Free", 7.0};
    auto from_files = std::make_shared<Page>();
    from_files->foreign = foreign;
    http::View view;
    view.readings.push_back({&entry, page, State::ok, {}, 0, 0, 0});
    view.readings.push_back({&entry, from_files, State::ok, {}, 0, 0, 0});

    OneCollector readings;
    http::MetricsText metrics;
    http::Context context;
    context.readings = &readings;
    CHECK(metrics.hidden(*foreign, view, context) == std::vector<bool>{false, true, true, true, false, false, true});
    std::string text;
    const auto body = metrics.text(view, context);
    for (const auto& part : body->parts) text += part.bytes;
    CHECK(text.find("# TYPE first untyped") != text.npos);
    CHECK(text.find("# TYPE last untyped") != text.npos);
    CHECK(text.find("# TYPE node_memory_other untyped") != text.npos);
    CHECK(text.find("# TYPE node_load1 gauge") == text.rfind("# TYPE node_load1"));
    CHECK(text.find("# TYPE node_memory_Free") == text.rfind("# TYPE node_memory_Free"));

    view.readings.erase(view.readings.begin());  // collect[]=
    CHECK(metrics.hidden(*foreign, view, context) == std::vector<bool>(7, false));
  }
}

}  // namespace foreign_test
