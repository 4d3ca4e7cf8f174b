#include "http/encode/exposition.hpp"

#include "collectors/base/utf8.hpp"
#include "http/encode/open_metrics.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <utility>

namespace vitald::encode {
namespace {

// True when the text can stand between quotes as it is.
bool plain(std::string_view text) {
  for (const char c : text)
    if (c == '\\' || c == '"' || c == '\n' || static_cast<unsigned char>(c) >= 0x80) return false;
  return true;
}

void key_label(Out& out, const Key& key, const void* row) {
  out << key.name << "=\"";
  escaped_label(out, key.read(row));
  out << '"';
}

// `comma` is what stands before the next label.
void key_labels(Out& out, std::span<const Key> keys, const void* row, std::string_view& comma) {
  for (const auto& key : keys) {
    if (key.optional && missing(key.read(row))) continue;
    out << std::exchange(comma, ",");
    key_label(out, key, row);
  }
}
void key_labels(Out& out, std::span<const Key> keys, const void* row) {
  std::string_view comma;
  key_labels(out, keys, row, comma);
}

// How long a text is; one that is missing is unlike an empty one.
std::size_t length_of(std::string_view text) { return missing(text) ? text.npos : text.size(); }

// Every text that the rows' samples depend on, until `visit` says no.
template <class Visitor>
bool each_text(const Rows& rows, Visitor&& visit) {
  const auto& layout = *rows.layout;
  for (std::size_t i = 0; i < rows.count; ++i) {
    if (layout.named && !visit(layout.named(rows[i]))) return false;
    for (const auto& key : layout.keys)
      if (!visit(key.read(rows[i]))) return false;
    for (const auto& column : layout.columns)
      for (const auto& key : column.keys)
        if (!visit(key.read(rows[i]))) return false;
  }
  return true;
}

constexpr std::size_t most_of_number = 32;                 // characters
constexpr std::size_t most_kept = std::size_t{256} << 10;  // of one layout's text; more is built anew each time

void fixed_label(Out& out, const Label& fixed) { out << fixed.name << "=\"" << fixed.value << '"'; }

void own_labels(Out& out, const Column& column, const void* row) {
  if (column.keys.empty()) return;
  out << '{';
  key_labels(out, column.keys, row);
  out << '}';
}

// Labels in alphabetical order: the fixed one before, after or between the row's.
void all_labels(Out& out, const Column& column, std::span<const Key> keys, std::string_view of_row, const void* row) {
  const auto& fixed = column.fixed;
  if (of_row.empty() && fixed.name.empty()) return;
  out << '{';
  if (fixed.name.empty()) {
    out << of_row << '}';
    return;
  }
  const auto before =
      static_cast<std::size_t>(std::ranges::upper_bound(keys, fixed.name, {}, &Key::name) - keys.begin());
  std::string_view comma;
  key_labels(out, keys.first(before), row, comma);
  out << std::exchange(comma, ",");
  fixed_label(out, fixed);
  key_labels(out, keys.subspan(before), row, comma);
  out << '}';
}

}  // namespace

void escaped_label(Out& out, std::string_view text) {
  if (plain(text)) {
    out << text;
    return;
  }
  while (!text.empty()) {
    const auto taken = utf8::next(text);
    const char c = taken.front();
    if (!utf8::valid(taken))
      out << utf8::replacement;
    else if (c == '\\' || c == '"')
      out << '\\' << c;
    else if (c == '\n')
      out << "\\n";
    else
      out << taken;
    text.remove_prefix(taken.size());
  }
}

namespace {

char* write_real(char* at, double value) {
  if (value >= 0 && value < 1e5 &&
      !std::signbit(value))  // whole numbers of so few digits look the same, and are written in a tenth of the time
    if (const auto whole = static_cast<std::uint32_t>(value); static_cast<double>(whole) == value)
      return std::to_chars(at, at + most_of_number, whole).ptr;
  if (std::isfinite(value)) return std::to_chars(at, at + most_of_number, value).ptr;
  const std::string_view name = std::isnan(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  return std::ranges::copy(name, at).out;
}

char* write_number(char* at, const Value& value) {
  if (value.kind == Value::Kind::natural) return std::to_chars(at, at + most_of_number, value.natural).ptr;
  if (value.kind == Value::Kind::integer) return std::to_chars(at, at + most_of_number, value.integer).ptr;
  return write_real(at, value.real);
}

// Numbers of one body: times that many rows share are made once.
class Numbers {
 public:
  char* write(char* at, const Value& value) {
    if (value.kind != Value::Kind::real) return write_number(at, value);
    const auto bits = std::bit_cast<std::uint64_t>(value.real);
    if (bits == bits_ && !text_.empty()) return std::ranges::copy(text_, at).out;
    char* const end = write_real(at, value.real);
    bits_ = bits;
    text_ = {at, end};
    return end;
  }

 private:
  std::uint64_t bits_ = 0;
  std::string_view text_;  // of the last real, where it was written
};

}  // namespace

void number(Out& out, const Value& value) { out.close(write_number(out.open(most_of_number), value)); }

std::string_view name_of(Type type) {
  return type == Type::counter ? "counter" : type == Type::gauge ? "gauge" : "untyped";
}

void head(Out& out, const Head& of, Format format) {
  if (format == Format::open_metrics) return open_metrics_head(out, of);
  out << "# HELP " << of.name_space << of.family << of.rest << ' ' << of.help << "\n# TYPE " << of.name_space
      << of.family << of.rest << ' ' << of.type << '\n';
}

void Exposition::write_labels(const Rows& rows) {
  labels_.clear();
  ends_.clear();
  for (std::size_t i = 0; i < rows.count; ++i) {
    key_labels(labels_, rows.layout->keys, rows[i]);
    ends_.push_back(labels_.size());
  }
}

void Exposition::write_family(const Rows& rows, const Column& column, Skeleton& skeleton) {
  const auto& layout = *rows.layout;
  auto& out = skeleton.between;
  for (std::size_t i = 0, from = 0; i < rows.count; from = ends_[i++]) {
    if (column.read(rows[i]).kind != Value::Kind::absent) {
      const auto rest = layout.named ? layout.named(rows[i]) : std::string_view{};
      if (column.family != family_ || rest != name_)
        head(out, {layout.name_space, column.family, rest, column.help, name_of(column.type)}, format_);
      family_ = column.family;
      name_ = rest;
      out << layout.name_space << column.family << rest;
      if (column.own_keys)
        own_labels(out, column, rows[i]);
      else
        all_labels(out, column, layout.keys, labels_.view().substr(from, ends_[i] - from), rows[i]);
      out << ' ';
    }
    skeleton.between_ends.push_back(out.size());
  }
}

void Exposition::build(Skeleton& skeleton, const Rows& rows) {
  skeleton.identity.clear();
  skeleton.between.clear();
  skeleton.identity_lengths.clear();
  skeleton.between_ends.clear();
  skeleton.rows = rows.count;
  each_text(rows, [&](std::string_view text) {
    skeleton.identity << text;
    skeleton.identity_lengths.push_back(length_of(text));
    return true;
  });
  write_labels(rows);
  family_ = name_ = {};
  for (const auto& column : rows.layout->columns) write_family(rows, column, skeleton);
}

// Whether the rows' texts are those that the skeleton was built from.
bool Exposition::fits(const Skeleton& skeleton, const Rows& rows) {
  if (skeleton.rows != rows.count) return false;
  std::size_t at = 0, from = 0;
  return each_text(rows, [&](std::string_view text) {
    if (length_of(text) != skeleton.identity_lengths[at++]) return false;
    const bool same = skeleton.identity.view().substr(from, text.size()) == text;
    from += text.size();
    return same;
  });
}

// False when other numbers are absent than those for which the skeleton was built; then `out` is to be written anew.
bool Exposition::emit(const Skeleton& skeleton, const Rows& rows, Out& out) {
  const char* const between = skeleton.between.view().data();
  Numbers numbers;
  char* to = out.open(skeleton.between.size() + skeleton.between_ends.size() * (most_of_number + 1));
  std::size_t at = 0, from = 0;
  for (const auto& column : rows.layout->columns)
    for (std::size_t i = 0; i < rows.count; ++i) {
      const auto value = column.read(rows[i]);
      const auto end = skeleton.between_ends[at++];
      if ((value.kind == Value::Kind::absent) != (end == from)) return false;
      if (end == from) continue;
      to = std::copy_n(between + from, end - from, to);
      to = numbers.write(to, value);
      *to++ = '\n';
      from = end;
    }
  out.close(to);
  return true;
}

void Exposition::write(const Rows& rows, Out& out) {
  if (rows.count == 0) return;
  auto& skeleton = skeletons_[rows.layout];
  const auto start = out.size();
  if (fits(skeleton, rows) && emit(skeleton, rows, out)) return;
  out.shorten(start);
  build(skeleton, rows);
  emit(skeleton, rows, out);
  if (skeleton.between.size() > most_kept) skeleton = {};
}

}  // namespace vitald::encode
