// What stands between the numbers, and whether it still does.
#include "http/encode/exposition.hpp"

#include <algorithm>
#include <utility>

namespace vitald::encode {
namespace {

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

std::shared_ptr<const Exposition::Skeleton> Exposition::build(const Rows& rows) {
  auto made = std::make_shared<Skeleton>();
  auto& skeleton = *made;
  skeleton.rows = rows.count;
  each_text(rows, [&](std::string_view text) {
    skeleton.identity << text;
    skeleton.identity_lengths.push_back(length_of(text));
    return true;
  });
  write_labels(rows);
  family_ = name_ = {};
  for (const auto& column : rows.layout->columns) write_family(rows, column, skeleton);
  return made;
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

}  // namespace vitald::encode
