#include "daemon/diff/promql.hpp"

#include <doctest/doctest.h>

namespace promql_test {

using namespace vitald::diff;

namespace {

// "name{label=value,…}", by blanks; what a variable fills in is marked by a $.
std::string asked(std::string_view expression, Dialect dialect = Dialect::rule) {
  constexpr const char* ops[] = {"=", "!=", "=~", "!~"};
  std::string text;
  for (const auto& each : selectors(expression, dialect)) {
    text.append(text.empty() ? "" : " ").append(each.variable ? "$" : "").append(each.name);
    if (each.matchers.empty()) continue;
    std::string_view comma = "{";
    for (const auto& matcher : each.matchers) {
      text.append(comma).append(matcher.label).append(ops[static_cast<int>(matcher.op)]);
      text.append(matcher.variable ? "$" : "").append(matcher.value);
      comma = ",";
    }
    text += "}";
  }
  return text;
}

}  // namespace

TEST_SUITE("diff/promql") {
  TEST_CASE("names of metrics, and no functions, durations, numbers or labels of lists") {
    CHECK(asked("up") == "up");
    CHECK(asked("rate(node_cpu_seconds_total[5m]) * 100") == "node_cpu_seconds_total");
    CHECK(asked("sum by (mode, instance) (a) / ignoring(mode) group_left(x) b") == "a b");
    CHECK(asked("SUM(a) BY (mode)") == "a");
    CHECK(asked("sum without() (a)") == "a");
    CHECK(asked("topk(3, a) or avg(b) unless on(c) d and e") == "a b d e");
    CHECK(asked("a offset 1h30m @ 1609746000 > bool 1e3") == "a");
    CHECK(asked("quantile_over_time(0.9, a[1h:5m] offset -1d) == Inf") == "a");
    CHECK(asked("job:a:rate5m + on() b") == "job:a:rate5m b");
    CHECK(asked("-a ^ 0x1F - .5") == "a");
    CHECK(asked("histogram_quantile(0.9, sum(rate(a_bucket[5m])) by (le))") == "a_bucket");
    CHECK(asked("1 + 2") == "");
    CHECK(asked("") == "");
  }

  TEST_CASE("matchers with every operator and every kind of quotes") {
    CHECK(asked(R"(a{x="1", y!='2',z=~`3\d`,w!~"4.*",})") == "a{x=1,y!=2,z=~3\\d,w!~4.*}");
    CHECK(asked(R"(a{x="say \"hi\"\\"})") == "a{x=say \"hi\"\\}");
    CHECK(asked("a { x = \"1\" } + b{}") == "a{x=1} b");
    CHECK(asked(R"({__name__="a",x="1"})") == "a{x=1}");
    CHECK(asked(R"({__name__=~"node_.*"})") == "{__name__=~node_.*}");
    CHECK(asked(R"({"my.metric", x="1"})") == "my.metric{x=1}");
    CHECK(asked(R"-(label_replace(a, "dst", "$1", "src", "(.*)"))-") == "a");
  }

  TEST_CASE("comments and texts hide what stands in them") {
    CHECK(asked("a # + b\n + c") == "a c");
    CHECK(asked(R"(count_values("b", a))") == "a");
    CHECK(asked("a{x=\"# no comment\"} # {y=\"1\"}") == "a{x=# no comment}");
  }

  TEST_CASE("Grafana's variables stand for anything, in panels only") {
    CHECK(asked(R"(rate(a{x="$x",y=~"${y:regex}",z="[[z]]",w="5$"}[$__rate_interval]))", Dialect::panel) ==
          "a{x=$$x,y=~$${y:regex},z=$[[z]],w=5$}");
    CHECK(asked("node_${what}_total{x=\"1\"} + $b{y=\"2\"} * $factor", Dialect::panel) == "$node__total{x=1} ${y=2}");
    CHECK(asked("label_values(node_uname_info{job=\"$job\"}, instance)", Dialect::panel) ==
          "node_uname_info{job=$$job} instance");
    CHECK(asked(R"(a{x=~"^(eth0|lo)$"})", Dialect::panel) == "a{x=~^(eth0|lo)$}");
    CHECK(asked(R"(a{x="$x"})") == "a{x=$x}");
  }

  TEST_CASE("what is cut or broken anywhere ends") {
    const std::string_view whole = R"(sum by (a) (rate(b{c="d\"",e=~'f'}[5m])) + {__name__="g"} # h)";
    for (std::size_t size = 0; size < whole.size(); ++size) {
      selectors(whole.substr(0, size));
      selectors(whole.substr(size), Dialect::panel);
    }
    for (const char* broken :
         {"}}}", "{{{", "a{,,,}", "a{=}", "a{x=1}", "by", "by(", "[", "[[", "${", "\"", "a{\"", "\\"})
      selectors(broken, Dialect::panel);
    CHECK(asked("a{x=1} + b") == "a b");
  }
}

}  // namespace promql_test
