#include "http/encode/exposition.hpp"

#include "collectors/base/utf8.hpp"
#include "http/encode/numbers.hpp"
#include "http/encode/open_metrics.hpp"

#include <algorithm>
#include <utility>

namespace vitald::encode {
namespace {

// True when the text can stand between quotes as it is.
bool plain(std::string_view text) {
  for (const char c : text)
    if (c == '\\' || c == '"' || c == '\n' || static_cast<unsigned char>(c) >= 0x80) return false;
  return true;
}

constexpr std::size_t most_kept = std::size_t{256} << 10;  // of one layout's text; more is built anew each time

}  // namespace

void escaped_label(Out& out, std::string_view text) {
  if (plain(text)) {
    out << text;
    return;
  }
  for (bool bad = false; !text.empty();) {
    const auto taken = utf8::next(text);
    text.remove_prefix(taken.size());
    const bool bad_before = std::exchange(bad, !utf8::valid(taken));
    const char c = taken.front();
    if (bad)
      out << (bad_before ? std::string_view{} : utf8::replacement);
    else if (c == '\\' || c == '"')
      out << '\\' << c;
    else if (c == '\n')
      out << "\\n";
    else
      out << taken;
  }
}

void number(Out& out, const Value& value) { out.close(write_number(out.open(most_of_number), value)); }

std::string_view name_of(Type type) {
  return type == Type::counter ? "counter" : type == Type::gauge ? "gauge" : "untyped";
}

void head(Out& out, const Head& of, Format format) {
  if (format == Format::open_metrics) return open_metrics_head(out, of);
  out << "# HELP " << of.name_space << of.family << of.rest << ' ' << of.help << "\n# TYPE " << of.name_space
      << of.family << of.rest << ' ' << of.type << '\n';
}

// False when other numbers are absent than those for which the skeleton was built; then `out` is to be written anew.
bool Exposition::emit(const Skeleton& skeleton, const Rows& rows, Out& out, Printed& printed) {
  const auto samples = skeleton.between_ends.size();
  printed.values.resize(samples);
  printed.widths.resize(samples);
  const char* const between = skeleton.between.view().data();
  char* to = out.open(skeleton.between.size() + samples * (most_of_number + 1));
  Numbers numbers;
  std::size_t at = 0, from = 0;
  for (const auto& column : rows.layout->columns)
    for (std::size_t i = 0; i < rows.count; ++i, ++at) {
      const auto value = printed.values[at] = column.read(rows[i]);
      const auto end = skeleton.between_ends[at];
      if ((value.kind == Value::Kind::absent) != (end == from)) return false;
      if (end == from) continue;
      to = std::copy_n(between + from, end - from, to);
      char* const digits = to;
      to = numbers.write(to, value);
      printed.widths[at] = static_cast<std::uint8_t>(to - digits);
      *to++ = '\n';
      from = end;
    }
  out.close(to);
  return true;
}

// Brings a text up to date where it stands; false when one of its numbers is longer or shorter now.
bool Exposition::renew(const Skeleton& skeleton, const Rows& rows, char* text, Printed& printed) {
  std::size_t at = 0, from = 0;
  for (const auto& column : rows.layout->columns)
    for (std::size_t i = 0; i < rows.count; ++i, ++at) {
      const auto value = column.read(rows[i]);
      const auto end = skeleton.between_ends[at];
      if ((value.kind == Value::Kind::absent) != (end == from)) return false;
      if (end == from) continue;
      text += end - from;
      from = end;
      if (!same_number(value, printed.values[at])) {
        char digits[most_of_number];
        const auto width = write_number(digits, value) - digits;
        if (width != printed.widths[at]) return false;
        std::copy_n(digits, width, text);
        printed.values[at] = value;
      }
      text += printed.widths[at] + 1;
    }
  return true;
}

void Exposition::write(const Rows& rows, Out& out, Printed& printed) {
  auto& skeleton = skeletons_[rows.layout];
  const auto start = out.size();
  if (!skeleton || !fits(*skeleton, rows) || !emit(*skeleton, rows, out, printed)) {
    out.shorten(start);
    skeleton = build(rows);
    emit(*skeleton, rows, out, printed);
  }
  printed.skeleton = skeleton;
  printed.begin = start;
  printed.size = out.size() - start;
  if (skeleton->between.size() <= most_kept) return;
  skeleton.reset();
  printed = {};
}

void Exposition::write(const Rows& rows, Out& out) {
  if (rows.count != 0) write(rows, out, scratch_);
}

void Exposition::write(const Rows& rows, Encoded& kept, std::size_t table) {
  if (kept.tables.size() <= table) kept.tables.resize(table + 1);
  auto& printed = kept.tables[table];
  const auto start = kept.text.size();
  const auto& skeleton = skeletons_[rows.layout];
  const bool there = rows.count != 0 && skeleton && printed.skeleton == skeleton && printed.begin == start &&
                     start + printed.size <= kept.intact;
  if (there && fits(*skeleton, rows) && renew(*skeleton, rows, kept.text.open(printed.size), printed)) {
    kept.text.close(kept.text.view().data() + start + printed.size);
    return;
  }
  kept.intact = 0;  // what is written now may reach over what follows
  printed.skeleton.reset();
  if (rows.count != 0) write(rows, kept.text, printed);
}

}  // namespace vitald::encode
