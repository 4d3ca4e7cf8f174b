#pragma once
// Texts of lines "word number number …", where only its place tells what a number is: /sys/fs/xfs, /proc/net/rpc.
// One constexpr table of places describes such a text: it is parsed by it, and columns are made from it.
#include "collectors/base/result.hpp"
#include "collectors/base/table.hpp"

#include <array>
#include <utility>

namespace vitald {

struct Place {
  std::string_view line;  // its first word
  std::size_t number;     // which of the numbers behind it, from 1
  Name family;
  std::string_view help;
  Type type = Type::counter;
  Label fixed = {};
  std::string_view field = {};  // in JSON; by the family where empty
  bool optional = false;        // some kernels have no such line
};

// The row that such a table fills derives from it, or has it as it is.
template <std::size_t N>
struct Numbers {
  std::array<std::optional<std::uint64_t>, N> numbers{};
};

// One line of the text. Lines that no place is in are passed over: newer kernels have more of them.
Result<void> take_numbered_line(std::string_view line, std::span<const Place> places,
                                std::span<std::optional<std::uint64_t>> numbers);
// Whether all came that must.
Result<void> all_numbered_lines_came(std::span<const Place> places,
                                     std::span<const std::optional<std::uint64_t>> numbers);
// A whole text, with or without the newline at its end: who reads it sees to it that it was not cut. Faults name
// `what`.
Result<void> parse_numbered_lines(std::string_view text, std::string_view what, std::span<const Place> places,
                                  std::span<std::optional<std::uint64_t>> numbers);

namespace detail {

template <class Row, std::size_t I>
Value read_place(const void* row) {
  return static_cast<const Row*>(row)->numbers[I];
}

consteval Column column_at(const Place& place, Value (*read)(const void*)) {
  check(place.family, place.help, place.type);
  Column made;
  made.family = place.family.text;
  made.field = place.field.empty() ? field_of(place.family.text) : place.field;
  made.help = place.help;
  made.type = place.type;
  made.fixed = place.fixed;
  made.read = read;
  return made;
}

template <class Row, std::size_t N, std::size_t... I>
consteval std::array<Column, N> columns_at(const Place (&places)[N], std::index_sequence<I...>) {
  return {column_at(places[I], &read_place<Row, I>)...};
}

}  // namespace detail

// The columns of a Row, a Numbers<N>, in the places' order.
template <class Row, std::size_t N>
consteval std::array<Column, N> columns_of(const Place (&places)[N]) {
  return detail::columns_at<Row>(places, std::make_index_sequence<N>());
}

}  // namespace vitald
