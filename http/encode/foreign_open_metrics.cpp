#include "http/encode/foreign_open_metrics.hpp"

#include "http/encode/bounded_metrics.hpp"
#include "http/encode/foreign.hpp"
#include "http/encode/open_metrics.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

namespace vitald::encode {
namespace {

using Kind = Foreign::Kind;

template <class Visitor>
void each_sample(const Foreign::Family& family, Visitor&& visit) {
  for (const auto& part : family.parts)
    for (const auto& sample : part) visit(sample);
}

bool counts(const Foreign::Family& family) {
  bool all = family.name.ends_with("_total");
  each_sample(family, [&](const auto& sample) { all = all && sample.value >= 0; });
  return all;
}

// The names that a type takes for itself besides those that its samples have: no other family may have them.
std::vector<std::string> reserved(const Foreign::Family& family) {
  const auto name = std::string(family.name);
  if (family.kind != Kind::counter) return {name + "_created"};
  const auto base = name.substr(0, name.size() - std::string_view("_total").size());
  return {base, base + "_created"};
}

class Writer {
 public:
  Writer(const Foreign& foreign, const std::function<bool(std::string_view)>& is_ours) : is_ours_(is_ours) {
    for (const auto& family : foreign.families) {
      taken_.emplace(family.name);
      each_sample(family, [&](const auto& sample) { taken_.emplace(sample.name); });
    }
  }

  void write(const Foreign::Family& family, Out& out) {
    switch (family.kind) {
      case Kind::gauge:
      case Kind::untyped: return simple(family, metrics_text::name_of(family.kind), out);
      case Kind::counter: return simple(family, counts(family) && reserve(family) ? "counter" : "untyped", out);
      case Kind::histogram:
      case Kind::summary: break;
    }
    BoundedMetrics metrics(family);
    if (!metrics.strict() || !reserve(family)) return by_sample_name(family, out);
    head(family, family.name, metrics_text::name_of(family.kind), out);
    metrics.write(out);
  }

 private:
  bool reserve(const Foreign::Family& family) {
    const auto names = reserved(family);
    if (std::ranges::any_of(names, [&](const auto& name) { return taken_.contains(name) || is_ours_(name); }))
      return false;
    taken_.insert(names.begin(), names.end());
    return true;
  }

  static void head(const Foreign::Family& family, std::string_view name, std::string_view type, Out& out) {
    open_metrics_head(out, {{}, name, {}, family.help, type});
  }

  static void simple(const Foreign::Family& family, std::string_view type, Out& out) {
    head(family, family.name, type, out);
    each_sample(family, [&](const auto& sample) { exposition(sample, out); });
  }

  static void by_sample_name(const Foreign::Family& family, Out& out) {
    std::set<std::string_view> names;
    each_sample(family, [&](const auto& sample) { names.insert(sample.name); });
    for (const auto name : names) {
      head(family, name, "untyped", out);
      each_sample(family, [&](const auto& sample) {
        if (sample.name == name) exposition(sample, out);
      });
    }
  }

  const std::function<bool(std::string_view)>& is_ours_;
  std::set<std::string, std::less<>> taken_;
};

}  // namespace

void make_open_metrics(const Foreign& foreign, const std::function<bool(std::string_view)>& is_ours) {
  auto& [text, ends, made] = foreign.open_metrics;
  if (std::exchange(made, true)) return;
  Writer writer(foreign, is_ours);
  for (const auto& family : foreign.families) {
    writer.write(family, text);
    ends.push_back(text.size());
  }
}

}  // namespace vitald::encode
