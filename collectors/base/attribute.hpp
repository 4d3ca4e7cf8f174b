#pragma once
// One attribute of a device: a small file, the member of the row that it fills, and what it means when it is not there.
#include "collectors/base/scan.hpp"
#include "collectors/base/table.hpp"
#include "collectors/base/text.hpp"

namespace vitald {

constexpr std::size_t most_of_text = 128;  // bytes of an attribute's text: the peer reads no further

// What the peer makes of a whole file: no more than that, then without the blanks around it.
constexpr std::string_view peer_text(std::string_view file) {
  return scan::trimmed(file.substr(0, most_of_text), " \t\r\n\v\f");
}

// Made by `number`, `text` and `converted`, told more by the members below: number<&Zone::temp>("temp",
// 1000).required()
struct Attribute {
  // Where it has nothing to tell: no sample; a fault; no row for the device.
  enum class Need : std::uint8_t { optional, required, decisive };

  std::string_view file;  // below the device's folder: "temp", "device/model"
  bool (*store)(const Attribute&, std::string_view text, void* row) = nullptr;  // false: not what it should be
  double divisor = 1;
  Need need = Need::optional;
  bool lasting = false;  // of the kernel's own files: read once, as long as the device is there
  bool lenient = false;  // what cannot be understood has nothing to tell; else it is a fault
  bool as_told = false;  // a text: an empty one and "<unknown>" are texts, too

  // Above those who call it: clang 14 knows no other way.
  template <class T>
  consteval Attribute with(T Attribute::*member, T value) const {
    auto made = *this;
    made.*member = value;
    return made;
  }
  consteval Attribute required() const { return with(&Attribute::need, Need::required); }
  consteval Attribute decisive() const { return with(&Attribute::need, Need::decisive); }
  consteval Attribute once() const { return with(&Attribute::lasting, true); }
  consteval Attribute or_nothing() const { return with(&Attribute::lenient, true); }
  consteval Attribute even_empty() const { return with(&Attribute::as_told, true); }
};

namespace detail {

template <class T>
struct plain_type {
  using type = T;
};
template <class T>
struct plain_type<std::optional<T>> {
  using type = T;
};

template <auto Member>
auto& member_of(void* row) {
  return static_cast<typename member<decltype(Member)>::owner*>(row)->*Member;
}
template <auto Member>
using value_of = typename plain_type<typename member<decltype(Member)>::type>::type;

// Reals are whole numbers over the divisor: the one division that the peers do.
template <auto Member>
bool store_number(const Attribute& attribute, std::string_view text, void* row) {
  if constexpr (std::floating_point<value_of<Member>>) {
    std::int64_t whole = 0;
    if (!scan::number(text, whole)) return false;
    member_of<Member>(row) = static_cast<double>(whole) / attribute.divisor;
  } else {
    value_of<Member> whole = 0;
    if (!scan::number(text, whole)) return false;
    member_of<Member>(row) = whole;
  }
  return true;
}

template <auto Member>
bool store_text(const Attribute&, std::string_view text, void* row) {
  if constexpr (std::same_as<value_of<Member>, OptionalText>)
    if (text.empty()) return true;
  member_of<Member>(row) = text;
  return true;
}

template <auto Member, auto Convert>
bool store_converted(const Attribute&, std::string_view text, void* row) {
  if constexpr (std::same_as<value_of<Member>, Text>) return Convert(text, member_of<Member>(row));  // keeps its memory
  value_of<Member> value{};
  if (!Convert(text, value)) return false;
  member_of<Member>(row) = value;
  return true;
}

}  // namespace detail

// A whole decimal number; into a real member divided by `divisor`.
template <auto Member>
consteval Attribute number(std::string_view file, double divisor = 1) {
  if (divisor != 1 && !std::floating_point<detail::value_of<Member>>) throw "only reals are divided";
  return {file, &detail::store_number<Member>, divisor};
}

// A text, without the blanks around it; an OptionalText of an empty one stays missing.
template <auto Member>
consteval Attribute text(std::string_view file) {
  return Attribute{file, &detail::store_text<Member>}.even_empty();
}

// What bool Convert(std::string_view, T& out) makes of it.
template <auto Member, auto Convert>
consteval Attribute converted(std::string_view file) {
  return {file, &detail::store_converted<Member, Convert>};
}

}  // namespace vitald
