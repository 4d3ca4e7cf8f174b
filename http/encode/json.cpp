#include "http/encode/json.hpp"

#include "collectors/base/utf8.hpp"
#include "http/encode/exposition.hpp"
#include "http/encode/families.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace vitald::encode {
namespace {

void escaped(Out& out, char c) {
  constexpr std::string_view hex = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  if (c == '"' || c == '\\')
    out << '\\' << c;
  else if (byte < 0x20 || byte == 0x7F)
    out << "\\u00" << hex[byte >> 4] << hex[byte & 15];
  else
    out << c;
}

// The layout's keys, then those that only some families have.
template <class Visitor>
void each_key(const Layout& layout, Visitor&& visit) {
  for (const auto& key : layout.keys) visit(key);
  for (auto column = layout.columns.begin(); column != layout.columns.end(); ++column)
    for (const auto& key : column->keys) {
      const auto same = [&](const Key& other) { return other.name == key.name; };
      bool known = std::ranges::any_of(layout.keys, same);
      for (auto before = layout.columns.begin(); before != column && !known; ++before)
        known = std::ranges::any_of(before->keys, same);
      if (!known) visit(key);
    }
}

void one_object(const Rows& rows, Out& out) {
  out << '{';
  for (std::size_t i = 0; i < rows.count; ++i) {
    if (i != 0) out << ',';
    quoted(out, rows.layout->named(rows[i]));
    out << ':';
    json_number(out, rows.layout->columns.front().read(rows[i]));
  }
  out << '}';
}

void text_or_null(Out& out, const Key& key, const void* row) {
  const auto text = key.read(row);
  if (key.optional && missing(text))
    out << "null";
  else
    quoted(out, text);
}

void object(const Layout& layout, const void* row, Out& out) {
  std::string_view comma;
  out << '{';
  each_key(layout, [&](const Key& key) {
    out << std::exchange(comma, ",") << '"' << key.name << "\":";
    text_or_null(out, key, row);
  });
  if (layout.named) {
    out << std::exchange(comma, ",") << R"("name":)";
    quoted(out, layout.named(row));
    out << R"(,"value":)";
    json_number(out, layout.columns.front().read(row));
  }
  for (const auto& column : layout.columns) {
    if (column.field.empty()) continue;
    out << std::exchange(comma, ",") << '"' << column.field << "\":";
    json_number(out, column.read(row));
  }
  out << '}';
}

}  // namespace

void quoted(Out& out, std::string_view text) {
  out << '"';
  while (!text.empty()) {
    const auto taken = utf8::next(text);
    if (!utf8::valid(taken))
      out << utf8::replacement;
    else if (taken.size() == 1)
      escaped(out, taken.front());
    else
      out << taken;
    text.remove_prefix(taken.size());
  }
  out << '"';
}

void json_number(Out& out, const Value& value) {
  const bool known =
      value.kind != Value::Kind::absent && (value.kind != Value::Kind::real || std::isfinite(value.real));
  if (known)
    number(out, value);
  else
    out << "null";
}

void json(const Rows& rows, Out& out) {
  if (rows.layout->named && rows.layout->keys.empty()) return one_object(rows, out);
  out << '[';
  for (std::size_t i = 0; i < rows.count; ++i) {
    if (i != 0) out << ',';
    object(*rows.layout, rows[i], out);
  }
  out << ']';
}

void json_schema(const Layout& layout, Out& out) {
  if (layout.named && layout.keys.empty()) {
    out << R"({"type":"object","additionalProperties":{"type":"number"}})";
    return;
  }
  out << R"({"type":"array","items":{"type":"object","properties":{)";
  std::string_view comma;
  each_key(layout, [&](const Key& key) {
    out << std::exchange(comma, ",") << '"' << key.name
        << (key.optional ? R"(":{"type":["string","null"]})" : R"(":{"type":"string"})");
  });
  if (layout.named)
    out << std::exchange(comma, ",") << R"("name":{"type":"string"},"value":{"type":["number","null"]})";
  for (const auto& column : layout.columns) {
    if (column.field.empty()) continue;
    out << std::exchange(comma, ",") << '"' << column.field << "\":{\"type\":["
        << (column.kind == Value::Kind::real ? "\"number\"" : "\"integer\"") << ",\"null\"],\"description\":";
    quoted(out, column.help);
    out << '}';
  }
  out << "}}}";
}

void markdown(const Layout& layout, Out& out) {
  out << "### " << layout.name << "\n\nFrom " << layout.source
      << ".\n\n| family | type | labels | JSON | meaning |\n|---|---|---|---|---|\n";
  const auto word = [&](std::string_view text) {
    if (!text.empty()) out << " `" << text << '`';
  };
  for (const auto& family : families(layout)) {
    const auto& column = family.column();
    out << "| `" << family.name() << (layout.named ? "…" : "") << "` | " << name_of(column.type) << " |";
    for (const auto label : family.labels()) word(label);
    out << " |";
    for (const auto& each : family.columns) word(each.field);
    out << " | " << column.help << " |\n";
  }
}

}  // namespace vitald::encode
