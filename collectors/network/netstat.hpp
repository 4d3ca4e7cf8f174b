#pragma once
#include "collectors/base/filter.hpp"
#include "collectors/base/known_lines.hpp"
#include "collectors/base/page.hpp"

#include <string>
#include <vector>

namespace vitald::network {

struct Statistic {
  Text name;  // protocol and field: "Tcp_ActiveOpens"
  Value value;
};

// What the numbers of the files are called. The kernel writes the same names in the same places until it is rebooted,
// so the expression is asked once a name, and a line that is as it was is not taken apart.
class FieldNames {
 public:
  using Names = std::span<const std::string>;  // in the order of the numbers; empty where one is not shown

  explicit FieldNames(std::string_view expression) : wanted_(expression) {}
  using Keys = KnownLines<std::string>;

  void begin() {  // a reading starts; lines come in their order, whatever the file
    place_ = 0;
    keys_.begin();
  }
  Result<Names> heading(std::string_view line);  // "Tcp: ActiveOpens PassiveOpens"; good until the next call
  // Steps over the next line, "Tcp6InErrs   0": what it is called, empty where it is not shown or no 6 parts protocol
  // and field. A fault leaves the rest of the text unread.
  Result<std::string_view> take_key(std::string_view& text, std::uint64_t& value);
  std::size_t times_matched() const { return matched_; }

 private:
  struct Line {
    std::string text;
    std::vector<std::string> names;
  };
  const Line* known(std::string_view text);
  bool shown(const std::string& name);
  Result<Names> keep(Line line);
  Result<std::string_view> learn_key(std::string_view line, std::uint64_t& value);

  Pattern wanted_;
  std::vector<Line> lines_;
  Keys keys_;
  std::size_t place_ = 0, names_ = 0, matched_ = 0;
};

// Two lines a protocol, names and numbers (/proc/net/snmp, /proc/net/netstat); or a line a number (/proc/net/snmp6).
// Both add to what is there.
Result<void> parse_netstat(std::string_view text, std::string_view source, FieldNames& names, Sheet<Statistic>& out);
Result<void> parse_snmp6(std::string_view text, FieldNames& names, Sheet<Statistic>& out);

}  // namespace vitald::network
