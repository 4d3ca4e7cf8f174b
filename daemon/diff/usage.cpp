#include "daemon/diff/usage.hpp"

#include "collectors/base/filter.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace vitald::diff {
namespace {

using All = std::vector<const Series*>;
using enum Matcher::Op;

// A matcher with its expression compiled: whole, and with a dot that takes every letter, as at Prometheus.
struct Test {
  const Matcher* matcher;
  Pattern pattern;

  explicit Test(const Matcher& of)
      : matcher(&of), pattern(of.op == equal || of.op == not_equal ? "" : "^(?s:" + of.value + ")$") {}
  bool takes(std::string_view value) const {
    if (!pattern.given()) return (value == matcher->value) == (matcher->op == equal);
    return pattern.found_in(value) == (matcher->op == matches);
  }
};

struct Wanted {
  Selector selector;
  std::vector<Test> name, labels;  // the name is a label like others; what a variable fills in takes everything

  explicit Wanted(Selector of) : selector(std::move(of)) {
    for (const auto& matcher : selector.matchers)
      if (!matcher.variable) (matcher.label == "__name__" ? name : labels).emplace_back(matcher);
  }
  bool takes_name(std::string_view text) const {
    if (!selector.name.empty() || name.empty()) return text == selector.name;
    return std::ranges::all_of(name, [&](const Test& test) { return test.takes(text); });
  }
  bool takes(const Series& series, const std::set<std::string>& known_labels) const {
    return std::ranges::all_of(labels, [&](const Test& test) {
      const auto& label = test.matcher->label;
      return !known_labels.contains(label) || test.takes(label_of(series.labels, label));
    });
  }
};

// The samples of some pages, by name.
class Samples {
 public:
  void add(const Side& side) {
    for (const auto& [_, family] : side.families())
      for (const auto& [key, series] : family.series) by_name_[series.name].push_back(&series);
  }

  All named(const Wanted& wanted) const {
    if (const auto found = by_name_.find(wanted.selector.name); found != by_name_.end()) return found->second;
    All all;
    if (!wanted.name.empty())
      for (const auto& [name, some] : by_name_)
        if (wanted.takes_name(name)) all.insert(all.end(), some.begin(), some.end());
    return all;
  }

 private:
  std::map<std::string, All, std::less<>> by_name_;
};

std::string shown(const Selector& wanted) {
  if (wanted.matchers.empty()) return wanted.name;
  std::string text = wanted.name + "{";
  for (const auto& matcher : wanted.matchers) {
    constexpr std::string_view ops[] = {"=", "!=", "=~", "!~"};
    text.append(text.back() == '{' ? "" : ",").append(matcher.label).append(ops[static_cast<std::size_t>(matcher.op)]);
    text.append("\"").append(matcher.value).append("\"");
  }
  return text + "}";
}

class Judge {
 public:
  Judge(const Side& ours, std::span<const Side> theirs) {
    ours_.add(ours);
    for (const auto& side : theirs) theirs_.add(side);
  }

  bool concerns(const Wanted& wanted) const { return !wanted.selector.variable && !theirs_.named(wanted).empty(); }

  // Why the selector finds nothing any more; empty: it does, or it never did.
  std::string loss(const Wanted& wanted) const {
    if (wanted.selector.variable) return {};
    const auto before = theirs_.named(wanted), now = ours_.named(wanted);
    if (before.empty()) return {};
    if (now.empty()) return shown(wanted.selector) + " is not there";
    std::set<std::string> labels;  // others, such as job and instance, are put on by Prometheus
    for (const auto* each : before)
      for (const auto& [name, value] : each->labels) labels.insert(name);
    const auto taken = [&](const Series* each) { return wanted.takes(*each, labels); };
    if (std::ranges::none_of(before, taken) || std::ranges::any_of(now, taken)) return {};
    return shown(wanted.selector) + " finds no series";
  }

 private:
  Samples ours_, theirs_;
};

using Asked = std::vector<std::vector<Wanted>>;

// Of each query.
Asked asked_by(std::span<const Query> queries) {
  Asked all;
  for (const auto& query : queries) {
    auto& of_this = all.emplace_back();
    for (const auto& expression : query.expressions)
      for (auto& each : selectors(expression, query.dialect)) of_this.emplace_back(std::move(each));
  }
  return all;
}

}  // namespace

std::vector<Loss> losses(std::span<const Query> queries, const Side& ours, std::span<const Side> theirs) {
  const Judge judge(ours, theirs);
  const auto asked = asked_by(queries);
  std::vector<std::set<std::string>> reasons(queries.size());
  std::set<std::string> lost_records;
  for (bool more = true; more;) {  // until no recording rule takes another along
    more = false;
    for (std::size_t i = 0; i < queries.size(); ++i) {
      for (const auto& wanted : asked[i]) {
        if (auto why = judge.loss(wanted); !why.empty()) reasons[i].insert(std::move(why));
        for (const auto& record : lost_records)
          if (wanted.takes_name(record)) reasons[i].insert("the recording rule " + record + " loses something");
      }
      if (queries[i].kind == "record" && !reasons[i].empty()) more |= lost_records.insert(queries[i].name).second;
    }
  }
  std::vector<Loss> all;
  for (std::size_t i = 0; i < queries.size(); ++i)
    if (!reasons[i].empty()) all.push_back({&queries[i], {reasons[i].begin(), reasons[i].end()}});
  return all;
}

std::size_t concerned(std::span<const Query> queries, std::span<const Side> theirs) {
  const Judge judge(theirs.front(), theirs);
  return static_cast<std::size_t>(std::ranges::count_if(asked_by(queries), [&](const auto& wanted) {
    return std::ranges::any_of(wanted, [&](const Wanted& each) { return judge.concerns(each); });
  }));
}

}  // namespace vitald::diff
