#pragma once
// Expected failures travel as values. Exceptions are for bugs and for the edges.
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>

namespace vitald {

// What went wrong, where and why. It allocates nothing; `what` must outlive the collector's
// reading: a literal, or a path that the collector keeps.
struct Fault {
  boost::system::error_code code;  // errno, or a Parse value
  std::string_view what;           // the file or the step that failed: "/proc/diskstats", "netlink: receive"
  std::size_t line = 0;            // 1-based line of the input, 0 when it has none
};

std::string to_string(const Fault&);  // "/proc/diskstats:2: a field is not a number"

template <class T>
using Result = boost::system::result<T, Fault>;

// Faults of the text itself, and of files that are not what the kernel gives.
enum class Parse : std::uint8_t {
  truncated = 1,   // the line ends early
  not_a_number,    // a field is not a number of its kind
  unknown_layout,  // the text has another shape than any known kernel's
  empty,           // nothing where the kernel always says something
  too_large,       // more than the cap for its kind
  not_a_file,      // a directory, pipe, device or socket stands in its place
  late,            // it did not answer in time, or is lent to another reader
  no_data,         // nothing there to tell of: no such hardware
};
boost::system::error_code make_error_code(Parse) noexcept;

inline Fault system_fault(std::string_view what, int error = errno) {
  return {{error, boost::system::system_category()}, what};
}

// The states of `vitald_collector_state`. `parse` stands for all that is no other: what came was
// not what the kernel gives (not understood, too large, no plain file, an I/O error). Which fault is which: state_of.
enum class State : std::uint8_t { ok, absent, permission, parse, timeout, unsupported };
State state_of(const Fault&) noexcept;
std::string_view name_of(State) noexcept;

[[noreturn]] void throw_exception_from_error(const Fault&, const boost::source_location&);

}  // namespace vitald

template <>
struct boost::system::is_error_code_enum<vitald::Parse> : std::true_type {};
