#include "collectors/service/textfile_piece.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace vitald::service {
namespace {

using namespace metrics_text;
using Members = std::span<const std::uint32_t>;  // samples of the document, by number

std::string_view bound_name(Kind kind) {
  return kind == Kind::histogram ? "le" : kind == Kind::summary ? "quantile" : "";
}

class Maker {
 public:
  Maker(const Document& document, Piece& piece) : document_(document), piece_(piece) {}
  Result<void> make();

 private:
  void order_samples();
  void gather_names(const Family& family, Members members);
  void add_family(const Family& family, Members members);
  void remember_last_buckets(Members members);
  bool has_last_bucket(std::uint32_t count);
  void add_sample(const Family& family, const Sample& sample);
  void add_last_bucket(const Family& family, const Sample& count);
  void add(std::string_view name, const Sample& like, std::string_view bound, double value);
  std::span<const metrics_text::Label> without_bound(const Sample& sample,
                                                     std::vector<metrics_text::Label>& into) const;
  Result<void> check_doubles();
  std::string_view kept(std::string_view text);
  const Sample& sample(std::uint32_t number) const { return document_.samples()[number]; }

  const Document& document_;
  Piece& piece_;
  std::vector<std::uint32_t> order_, starts_, lines_;  // samples by family; the lines of those that were added
  std::vector<std::string_view> names_;                // of the family's labels, but for that of its bound
  std::string_view bound_;                             // le, quantile, or none
  std::vector<metrics_text::Label> one_, other_;
  HashSlots slots_;
};

// What the document unescaped goes with it, unless it is kept.
std::string_view Maker::kept(std::string_view text) {
  const std::less_equal<const char*> before;
  const auto& whole = piece_.text;
  const bool inside =
      before(whole.data(), text.data()) && before(text.data() + text.size(), whole.data() + whole.size());
  return inside ? text : piece_.made.emplace_back(text);
}

void Maker::order_samples() {
  starts_.assign(document_.families().size() + 1, 0);
  for (const auto& each : document_.samples()) ++starts_[each.family + 1];
  for (std::size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
  order_.resize(document_.samples().size());
  auto next = starts_;
  for (std::uint32_t i = 0; i < order_.size(); ++i) order_[next[sample(i).family]++] = i;
}

void Maker::gather_names(const Family& family, Members members) {
  bound_ = bound_name(family.kind);
  names_.clear();
  for (const auto member : members)
    for (const auto& label : document_.labels(sample(member))) {
      const auto at = std::ranges::lower_bound(names_, label.name);
      if ((at == names_.end() || *at != label.name) && label.name != bound_) names_.insert(at, label.name);
    }
}

// The labels are reserved before any is added, because samples look at them.
Result<void> Maker::make() {
  for (const auto& each : document_.samples())
    if (each.timestamp) return Fault{Flaw::timestamp, "text file", each.line};
  order_samples();
  const auto families = document_.families();
  const auto members = [&](std::size_t i) { return Members(order_).subspan(starts_[i], starts_[i + 1] - starts_[i]); };
  std::size_t needed = 0;
  for (std::size_t i = 0; i < families.size(); ++i) {
    gather_names(families[i], members(i));
    needed += 2 * members(i).size() * (names_.size() + (bound_.empty() ? 0 : 1));
    if (needed > most_labels) return Fault{Flaw::too_many, "text file"};
  }
  piece_.labels.reserve(needed);
  piece_.samples.reserve(2 * order_.size());
  for (std::size_t i = 0; i < families.size(); ++i) {
    if (members(i).empty()) continue;
    gather_names(families[i], members(i));
    add_family(families[i], members(i));
    if (const auto done = check_doubles(); !done) return done;
  }
  return {};
}

void Maker::add_family(const Family& family, Members members) {
  const auto first = piece_.samples.size();
  lines_.clear();
  if (family.kind == Kind::histogram) remember_last_buckets(members);
  for (const auto member : members) {
    const bool counts = family.kind == Kind::histogram && sample(member).name.ends_with("_count");
    if (counts && !has_last_bucket(member)) add_last_bucket(family, sample(member));
    add_sample(family, sample(member));
  }
  const auto added = std::span(std::as_const(piece_.samples)).subspan(first);
  piece_.families.push_back({family.name, kept(family.help), family.kind, family.has_help, added});
}

std::span<const metrics_text::Label> Maker::without_bound(const Sample& sample,
                                                          std::vector<metrics_text::Label>& into) const {
  into.clear();
  for (const auto& label : document_.labels(sample))
    if (label.name != bound_) into.push_back(label);
  return into;
}

void Maker::remember_last_buckets(Members members) {
  slots_.clear();
  for (const auto member : members) {
    double le = 0;
    for (const auto& label : document_.labels(sample(member)))
      if (label.name == bound_) parse_number(label.value, le);
    if (std::isinf(le) && le > 0)
      slots_.find_or_add(hash_of({}, without_bound(sample(member), one_)), member, [](auto) { return false; });
  }
}

bool Maker::has_last_bucket(std::uint32_t count) {
  const auto labels = without_bound(sample(count), one_);
  std::uint32_t found = 0;
  return slots_.find(hash_of({}, labels), found,
                     [&](auto bucket) { return same_labels(labels, without_bound(sample(bucket), other_)); });
}

// node_exporter ends every histogram with a bucket that holds all: as many as are counted.
void Maker::add_last_bucket(const Family& family, const Sample& count) {
  const std::string_view name = piece_.made.emplace_back(std::string(family.name).append("_bucket"));
  add(name, count, "+Inf", count.value);
}

void Maker::add_sample(const Family& family, const Sample& sample) {
  const bool bounded = !bound_.empty() && !sample.name.ends_with("_sum") && !sample.name.ends_with("_count");
  std::string_view bound;
  if (bounded || sample.name == family.name)
    for (const auto& label : document_.labels(sample))
      if (label.name == bound_) bound = label.value;
  double value = 0;
  if (parse_number(bound, value))
    if (const auto text = bound_text(value); text != bound) bound = piece_.made.emplace_back(text);
  add(sample.name, sample, bound, sample.value);
}

void Maker::add(std::string_view name, const Sample& like, std::string_view bound, double value) {
  const auto first = piece_.labels.size();
  for (const auto label : names_) piece_.labels.push_back({label, {}});
  for (const auto& label : document_.labels(like))
    if (label.name != bound_) {
      const auto at = std::ranges::lower_bound(names_, label.name) - names_.begin();
      piece_.labels[first + static_cast<std::size_t>(at)].value = kept(label.value);
    }
  if (!bound.empty()) piece_.labels.push_back({bound_, kept(bound)});
  piece_.samples.push_back({name, std::span(std::as_const(piece_.labels)).subspan(first), value});
  lines_.push_back(like.line);
}

// Bounds that are written in two ways are one all the same.
Result<void> Maker::check_doubles() {
  if (bound_.empty()) return {};
  slots_.clear();
  const auto samples = piece_.families.back().samples;
  for (std::uint32_t i = 0; i < samples.size(); ++i) {
    const auto same = [&](std::uint32_t other) {
      return samples[other].name == samples[i].name && same_labels(samples[other].labels, samples[i].labels);
    };
    if (slots_.find_or_add(hash_of(samples[i].name, samples[i].labels), i, same) != i)
      return Fault{Flaw::double_series, "text file", lines_[i]};
  }
  return {};
}

}  // namespace

Result<void> make_piece(Document& scratch, Piece& piece) {
  if (const auto done = scratch.parse(piece.text); !done) return done;
  return Maker(scratch, piece).make();
}

}  // namespace vitald::service
