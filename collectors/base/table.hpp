#pragma once
// One description of a collector's data: the encoders, the OpenAPI document and the handbook all read it.
#include "collectors/base/text.hpp"

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace vitald {

// A number as the kernel gave it, or none: an older kernel may not have the field.
struct Value {
  enum class Kind : std::uint8_t { absent, natural, integer, real } kind = Kind::absent;
  union {
    std::uint64_t natural = 0;
    std::int64_t integer;
    double real;
  };
  constexpr Value() = default;
  constexpr Value(std::unsigned_integral auto v) : kind(Kind::natural), natural(v) {}
  constexpr Value(std::signed_integral auto v) : kind(Kind::integer), integer(v) {}
  constexpr Value(std::floating_point auto v) : kind(Kind::real), real(v) {}
  template <class T>
  constexpr Value(const std::optional<T>& v) : Value(v ? Value(*v) : Value()) {}
};

enum class Type : std::uint8_t { gauge, counter, untyped };

struct Label {
  std::string_view name, value;
};

// A text that tells rows apart: a label of the exposition, a member of the JSON object.
struct Key {
  std::string_view name;
  std::string_view (*read)(const void* row);  // of an OptionalText it may be missing()
  bool optional = false;
};

// A number of a row: one family of the exposition and one member of the JSON object.
struct Column {
  std::string_view family;  // without the namespace: "disk_reads_completed_total"
  std::string_view field;   // "reads_completed"; empty: not in the JSON object
  std::string_view help;
  Type type = Type::gauge;
  Value::Kind kind = Value::Kind::natural;
  Label fixed;  // {"mode","user"} where several columns share one family
  Value (*read)(const void* row) = nullptr;
  std::span<const Key> keys = {};  // of a family that has other labels than its layout: "disk_info"
  bool own_keys = false;
};

// Where the kernel chooses the names (meminfo, vmstat, sockstat), `named` completes the family
// of the one column from the row; rows of one name stand together.
// Labels stand in alphabetical order, so that our text can be compared with the peer's line by line.
struct Layout {
  std::string_view name;    // "disk": the table's name in JSON and in the handbook
  std::string_view source;  // "/proc/diskstats": where its data comes from
  std::span<const Key> keys;
  std::span<const Column> columns;
  std::string_view (*named)(const void* row) = nullptr;
  std::string_view name_space = "node_";
};

template <class Row>
struct Table : Layout {
  using row = Row;
};

// What an encoder sees: rows of any type, with the layout that explains them.
struct Rows {
  const Layout* layout;
  const void* first;
  std::size_t count, stride;
  const void* operator[](std::size_t i) const { return static_cast<const char*>(first) + i * stride; }
};

// A family's name. A literal is held to the house rules; `peer_name` marks one that a peer chose otherwise.
struct Name {
  std::string_view text;
  bool from_peer = false;
  template <std::size_t N>
  consteval Name(const char (&literal)[N]) : text(literal, N - 1) {}
  consteval Name(std::string_view literal, bool peer = false) : text(literal), from_peer(peer) {}
};
consteval Name peer_name(std::string_view literal) { return {literal, true}; }

namespace detail {

template <class>
struct member;
template <class Class, class Type>
struct member<Type Class::*> {
  using owner = Class;
  using type = Type;
};

template <auto Member>
Value read_value(const void* row) {
  return static_cast<const typename member<decltype(Member)>::owner*>(row)->*Member;
}
template <auto Member>
std::string_view read_text(const void* row) {
  return static_cast<const typename member<decltype(Member)>::owner*>(row)->*Member;
}
template <auto Member>
Value read_presence(const void* row) {
  return static_cast<const typename member<decltype(Member)>::owner*>(row)->*Member ? Value(1u) : Value();
}
inline Value one(const void*) { return 1u; }

template <class T>
constexpr Value::Kind kind_of = Value(T{}).kind;
template <class T>
constexpr Value::Kind kind_of<std::optional<T>> = kind_of<T>;

// "disk_reads_completed_total" -> "reads_completed"
consteval std::string_view field_of(std::string_view family) {
  if (const auto at = family.find('_'); at != family.npos) family.remove_prefix(at + 1);
  if (family.ends_with("_total")) family.remove_suffix(6);
  return family;
}

consteval void check(Name name, std::string_view help, Type type) {
  const auto family = name.text;
  for (const char c : family) {
    const bool lower = c == '_' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (!lower && !(name.from_peer && c >= 'A' && c <= 'Z')) throw "a family's name is lower case";
  }
  if (help.empty() || !help.ends_with('.')) throw "help is a sentence";
  if (name.from_peer) return;
  if (family.ends_with("_total") != (type == Type::counter)) throw "counters, and only they, end in _total";
  if (family.ends_with("_ms") || family.ends_with("_kb") || family.ends_with("_percent")) throw "use base units";
}

template <auto Member>
consteval Column column(Type type, Name name, std::string_view help, Label fixed, std::string_view field) {
  check(name, help, type);
  Column made;
  made.family = name.text;
  made.field = field.empty() ? field_of(name.text) : field;
  made.help = help;
  made.type = type;
  made.kind = kind_of<typename member<decltype(Member)>::type>;
  made.fixed = fixed;
  made.read = &read_value<Member>;
  return made;
}

consteval Column info(Name name, std::string_view help, Value (*read)(const void*)) {
  check(name, help, Type::gauge);
  Column made;
  made.family = name.text;
  made.help = help;
  made.read = read;
  return made;
}

}  // namespace detail

template <auto Member>
consteval Column counter(Name name, std::string_view help, Label fixed = {}, std::string_view field = {}) {
  return detail::column<Member>(Type::counter, name, help, fixed, field);
}
template <auto Member>
consteval Column gauge(Name name, std::string_view help, Label fixed = {}, std::string_view field = {}) {
  return detail::column<Member>(Type::gauge, name, help, fixed, field);
}
template <auto Member>
consteval Column untyped(Name name, std::string_view help, Label fixed = {}, std::string_view field = {}) {
  return detail::column<Member>(Type::untyped, name, help, fixed, field);
}

// The one column of a kernel-named layout; the row's name follows `prefix`.
template <auto Member>
consteval Column open(Type type, std::string_view prefix, std::string_view help) {
  Column made;
  made.family = prefix;
  made.help = help;
  made.type = type;
  made.kind = detail::kind_of<typename detail::member<decltype(Member)>::type>;
  made.read = &detail::read_value<Member>;
  return made;
}

// A family that says something only by its labels; its value is always 1.
consteval Column info(Name name, std::string_view help) { return detail::info(name, help, &detail::one); }

// The same where the bool `Member` is set; no sample elsewhere.
template <auto Member>
consteval Column info_if(Name name, std::string_view help) {
  return detail::info(name, help, &detail::read_presence<Member>);
}

// Gives a family labels of its own in place of its layout's keys.
consteval Column with_keys(Column column, std::span<const Key> keys) {
  column.keys = keys;
  column.own_keys = true;
  return column;
}

template <auto Member>
consteval Key key(std::string_view name) {
  return {name, &detail::read_text<Member>,
          std::same_as<typename detail::member<decltype(Member)>::type, OptionalText>};
}
template <auto Member>
constexpr auto named = &detail::read_text<Member>;

}  // namespace vitald
