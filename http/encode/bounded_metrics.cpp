#include "http/encode/bounded_metrics.hpp"

#include "http/encode/exposition.hpp"
#include "http/encode/foreign.hpp"

#include <algorithm>
#include <cmath>

namespace vitald::encode {
namespace {

bool whole(double value) { return value >= 0 && std::isfinite(value) && value == std::floor(value); }

// The bound stands last.
double take_bound(std::span<const Foreign::Label>& labels) {
  double value = NAN;
  if (labels.empty() || !metrics_text::parse_number(labels.back().value, value)) return NAN;
  labels = labels.first(labels.size() - 1);
  return value;
}

void one(Out& out, std::string_view name, std::string_view labels, double value) {
  out << name << labels << ' ';
  number(out, value);
  out << '\n';
}

}  // namespace

void canonical(Out& out, double value) {
  if (!std::isfinite(value)) return number(out, value);
  char text[32];
  const auto* const end = std::to_chars(text, text + sizeof text, value, std::chars_format::general).ptr;
  const std::string_view made(text, static_cast<std::size_t>(end - text));
  out << made << (made.find_first_of(".e") == made.npos ? ".0" : "");
}

BoundedMetrics::BoundedMetrics(const Foreign::Family& family) : family_(family) {
  for (const auto& part : family.parts)
    for (const auto& sample : part) add(sample);
  const auto bound_of = [](const auto& each) { return each.first; };
  for (auto& metric : metrics_)
    if (std::ranges::none_of(
            metric.bounds, [](double bound) { return std::isnan(bound); }, bound_of))
      std::ranges::sort(metric.bounds, {}, bound_of);
}

void BoundedMetrics::add(const Foreign::Sample& sample) {
  const auto ending = sample.name.substr(family_.name.size());
  auto others = sample.labels;
  const double bound = ending.empty() || ending == "_bucket" ? take_bound(others) : NAN;
  Out out;
  labels(others, out);
  const auto [at, is_new] = places_.emplace(std::string(out.view()), metrics_.size());
  if (is_new) metrics_.push_back({at->first, {}, nullptr, nullptr});
  auto& metric = metrics_[at->second];
  if (ending == "_sum")
    metric.sum = &sample;
  else if (ending == "_count")
    metric.count = &sample;
  else
    metric.bounds.emplace_back(bound, &sample);
}

bool BoundedMetrics::strict() const {
  return std::ranges::all_of(metrics_, [&](const Metric& metric) {
    return family_.kind == Foreign::Kind::histogram ? strict_histogram(metric) : strict_summary(metric);
  });
}

bool BoundedMetrics::strict_histogram(const Metric& metric) const {
  const auto& [_, bounds, sum, count] = metric;
  if (bounds.empty() || bounds.back().first != INFINITY || !(bounds.front().first >= 0)) return false;
  double before = -1, bucket = 0;
  for (const auto& [bound, sample] : bounds) {
    if (!(bound > before) || !whole(sample->value) || sample->value < bucket) return false;
    before = bound;
    bucket = sample->value;
  }
  return sum && sum->value >= 0 && count && count->value == bucket;
}

bool BoundedMetrics::strict_summary(const Metric& metric) const {
  const auto& [_, bounds, sum, count] = metric;
  double before = -1;
  for (const auto& [bound, sample] : bounds) {
    if (!(bound > before) || bound > 1 || sample->value < 0) return false;
    before = bound;
  }
  return (!sum || sum->value >= 0) && (!count || whole(count->value));
}

void BoundedMetrics::write(Out& out) const {
  const bool histogram = family_.kind == Foreign::Kind::histogram;
  for (const auto& [labels, bounds, sum, count] : metrics_) {
    for (const auto& [bound, sample] : bounds) {
      out << sample->name;
      if (labels.empty())
        out << '{';
      else
        out << std::string_view(labels).substr(0, labels.size() - 1) << ',';
      out << (histogram ? "le" : "quantile") << "=\"";
      canonical(out, bound);
      one(out, "\"}", {}, sample->value);
    }
    if (sum) one(out, sum->name, labels, sum->value);
    if (count) one(out, count->name, labels, count->value);
  }
}

}  // namespace vitald::encode
