#include "daemon/diff/compare.hpp"

#include "collectors/base/out.hpp"
#include "daemon/diff/known.hpp"
#include "daemon/diff/reasons.hpp"
#include "http/encode/exposition.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace vitald::diff {
namespace {

using Names = std::vector<std::string>;

Names missing(const Names& from, const Names& in) {
  Names only;
  std::ranges::set_difference(from, in, std::back_inserter(only));
  return only;
}

struct Range {
  double low = 0, high = 0;
  bool not_a_number = false;
  explicit Range(const std::vector<double>& values) {
    const auto [least, most] = std::ranges::minmax(values);
    low = least, high = most;
    not_a_number = std::ranges::any_of(values, [](double value) { return std::isnan(value); });
  }
  bool moved() const { return low != high; }
};

std::string shown(const std::vector<double>& values) {
  Out out;
  std::string_view comma;
  for (const auto value : values) {
    out << std::exchange(comma, ", ");
    encode::number(out, value);
  }
  return std::string(out.view());
}

class Comparison {
 public:
  Comparison(const Side& ours, const Side& theirs, std::string_view against)
      : ours_(ours), theirs_(theirs), against_(against), version_(theirs.version()) {}

  std::vector<Finding> all() {
    for (const auto& [name, theirs] : theirs_.families()) {
      if (theirs.series.empty()) continue;
      const auto found = ours_.families().find(name);
      if (found == ours_.families().end() || found->second.series.empty())
        lost_family(name, theirs);
      else
        both(name, found->second, theirs);
    }
    for (const auto& [name, ours] : ours_.families()) {
      const auto found = theirs_.families().find(name);
      if (!ours.series.empty() && (found == theirs_.families().end() || found->second.series.empty()))
        tell({What::gained_family, name, {}, ours.series.size()});
    }
    return std::move(findings_);
  }

 private:
  void tell(Finding finding, std::string_view label = {}, const Labels& labels = {}) {
    const auto where = is_loss(finding.what)                 ? Where::theirs
                       : is_gain(finding.what)               ? Where::ours
                       : finding.what == What::changed_value ? Where::value
                                                             : Where::both;
    if (const auto* known = find_known({where, finding.family, label, labels}, version_)) {
      finding.why = known->why;
      finding.explained = true;
    }
    finding.against = against_;
    findings_.push_back(std::move(finding));
  }

  void lost_family(const std::string& name, const Family& theirs) {
    const bool came_and_went =
        std::ranges::none_of(theirs.series, [&](const auto& each) { return theirs_.steady(each.second); });
    if (came_and_went) return;
    tell({What::lost_family, name, {}, theirs.series.size()});
    if (!findings_.back().explained) findings_.back().why = why_lost(name, ours_);
  }

  void both(const std::string& name, const Family& ours, const Family& theirs) {
    if (ours.has_type && theirs.has_type && ours.kind != theirs.kind)
      tell({What::changed_type, name, std::string(name_of(theirs.kind)).append(" is now ").append(name_of(ours.kind)),
            ours.series.size()});
    const auto our_labels = ours.label_names(), their_labels = theirs.label_names();
    const auto lost = missing(their_labels, our_labels), gained = missing(our_labels, their_labels);
    for (const auto& label : lost) tell({What::lost_label, name, label, theirs.series.size()}, label);
    for (const auto& label : gained) tell({What::gained_label, name, label, ours.series.size()}, label);
    compare_series(name, ours, gained, theirs, lost);
  }

  // Series are the same when they agree in the labels that both sides have.
  void compare_series(const std::string& name, const Family& ours, const Names& gained, const Family& theirs,
                      const Names& lost) {
    std::multimap<std::string, const Series*> unmatched;
    for (const auto& [_, each] : ours.series) unmatched.emplace(key_of(each, gained), &each);
    for (const auto& [_, each] : theirs.series) {
      const auto found = unmatched.find(key_of(each, lost));
      if (found == unmatched.end()) {
        if (theirs_.steady(each)) tell_series(What::lost_series, name, each);
        continue;
      }
      if (!agree(*found->second, each))
        tell({What::changed_value, name,
              key_of(each) + " " + shown(each.values) + " is now " + shown(found->second->values), 1});
      unmatched.erase(found);
    }
    for (const auto& [_, each] : unmatched)
      if (ours_.steady(*each)) tell_series(What::gained_series, name, *each);
  }

  void tell_series(What what, const std::string& name, const Series& series) {
    tell({what, name, key_of(series), 1}, {}, series.labels);
    const auto collector = label_of(series.labels, "collector");
    auto& told = findings_.back();
    if (what == What::lost_series && name == "node_scrape_collector_success" && !told.explained)
      told.why = why_no_collector(collector, ours_);
  }

  const Side &ours_, &theirs_;
  std::string_view against_;
  std::string version_;
  std::vector<Finding> findings_;
};

}  // namespace

bool agree(const Series& ours, const Series& theirs) {
  const Range a(ours.values), b(theirs.values);
  if (a.not_a_number || b.not_a_number) return a.not_a_number == b.not_a_number;
  const double gap = std::max({0.0, b.low - a.high, a.low - b.high});
  if (gap == 0) return true;
  if (!a.moved() && !b.moved()) return false;
  const double largest = std::max({std::abs(a.low), std::abs(a.high), std::abs(b.low), std::abs(b.high)});
  return gap <= 2 * (a.high - a.low + b.high - b.low) + 0.05 * largest;
}

std::vector<Finding> compare(const Side& ours, const Side& theirs, std::string_view against) {
  return Comparison(ours, theirs, against).all();
}

std::string_view name_of(What what) {
  constexpr std::string_view names[] = {"lost family",   "lost label",    "lost series",  "changed type",
                                        "changed value", "gained family", "gained label", "gained series"};
  return names[static_cast<std::size_t>(what)];
}

}  // namespace vitald::diff
