#include "collectors/base/quoted.hpp"

#include "collectors/base/scan.hpp"

#include <algorithm>

namespace vitald {
namespace {

constexpr std::string_view blanks = " \t\r";

// What a backslash between double quotes makes of `c`; 0 where none may stand.
char escaped(char c) {
  switch (c) {
    case '\\':
    case '"':
    case '/':
    case '$':
    case '`': return c;
    case 'n': return '\n';  // no shell's, but the peer's
    case 't': return '\t';
    case 'r': return '\r';
    default: return 0;
  }
}

bool take_quoted(std::string_view& text, Text& out) {
  const char quote = text.front();
  for (std::size_t i = 1; i < text.size(); ++i) {
    char c = text[i];
    if (c == quote) {
      text.remove_prefix(i + 1);
      return true;
    }
    if (c == '\\' && quote == '"')
      if (++i == text.size() || (c = escaped(text[i])) == 0) return false;
    out += c;
  }
  return false;
}

}  // namespace

std::string_view trimmed(std::string_view text) { return scan::trimmed(text, blanks); }

bool printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x20 || c == '\t'; });
}

bool unquoted(std::string_view text, Text& out) {
  out.clear();
  text = trimmed(text);
  while (!text.empty() && text.front() != '#') {
    if (text.front() == '"' || text.front() == '\'') {
      if (!take_quoted(text, out)) return false;
      continue;
    }
    const auto stop = text.find_first_of("\"'#");
    const auto bare = text.substr(0, stop);
    const bool last = stop == text.npos || text[stop] == '#';
    out += last ? bare.substr(0, bare.find_last_not_of(blanks) + 1) : bare;
    text.remove_prefix(bare.size());
  }
  return true;
}

}  // namespace vitald
