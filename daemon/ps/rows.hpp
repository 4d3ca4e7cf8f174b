#pragma once
// A daemon's listing as columns of text.
#include <string>
#include <string_view>
#include <vector>

namespace vitald::ps {

struct Cell {
  std::string text;
  bool known = false;  // false: null, or withheld
  bool number = false;
};
struct Listing {
  std::vector<std::string> columns;  // fields, dotted
  std::vector<std::vector<Cell>> rows;
  bool withheld = false;  // something is, of a row at least
  std::string fault;      // why it is none; empty: it is one
};

// `fields` are columns; one that is an object is all of it.
Listing read_listing(const std::string& json, const std::vector<std::string>& fields);

// "what: allowed, allowed" of a problem; empty where it is none.
std::string detail_of(const std::string& json);

// For people: as wide as `width`, 0: as wide as it gets. Bytes have units, and control characters are '?'.
std::string table_of(const Listing& listing, std::size_t width, bool usual);
std::string csv_of(const Listing& listing);  // RFC 4180, with a head

}  // namespace vitald::ps
