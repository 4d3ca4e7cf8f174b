#include "daemon/log_line.hpp"

#include "collectors/base/utf8.hpp"
#include "http/encode/json.hpp"

namespace vitald {
namespace {

void padded(Out& out, unsigned value, unsigned digits) {
  for (unsigned power = digits == 4 ? 1000 : digits == 3 ? 100 : 10; power > 0; power /= 10)
    out << static_cast<char>('0' + value / power % 10);
}

void hex(Out& out, char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  out << "\\x" << digits[byte >> 4] << digits[byte & 15];
}

// Control characters, also those of two bytes (U+0080 to U+009F) that a terminal would obey, and bytes of no character.
bool printable(std::string_view character) {
  if (!utf8::valid(character)) return false;
  if (character.size() == 1) return character.front() >= ' ' && character.front() != '\x7F';
  return character.size() != 2 || character[0] != '\xC2' || static_cast<unsigned char>(character[1]) >= 0xA0;
}

void escaped(Out& out, std::string_view character) {
  switch (character.front()) {
    case '"':
    case '\\': out << '\\' << character; return;
    case '\n': out << "\\n"; return;
    case '\r': out << "\\r"; return;
    case '\t': out << "\\t"; return;
    default: break;
  }
  if (printable(character))
    out << character;
  else
    for (const char c : character) hex(out, c);
}

bool needs_quotes(std::string_view value) {
  if (value.empty()) return true;
  while (!value.empty()) {
    const auto character = utf8::next(value);
    if (!printable(character) || std::string_view(" =\"").find(character) != std::string_view::npos) return true;
    value.remove_prefix(character.size());
  }
  return false;
}

std::string_view name_of(LogRecord::Level level) {
  constexpr std::string_view names[] = {"DEBUG", "INFO", "WARN", "ERROR"};
  return names[static_cast<std::size_t>(level)];
}

// A message stands without quotes; what would break or colour the line is escaped all the same.
void write_escaped(Out& out, std::string_view text) {
  while (!text.empty()) {
    const auto character = utf8::next(text);
    if (printable(character))
      out << character;
    else
      escaped(out, character);
    text.remove_prefix(character.size());
  }
}

}  // namespace

void write_time(Out& out, std::chrono::system_clock::time_point time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<milliseconds>(time - day));
  padded(out, static_cast<unsigned>(static_cast<int>(date.year())), 4), out << '-';
  padded(out, static_cast<unsigned>(date.month()), 2), out << '-';
  padded(out, static_cast<unsigned>(date.day()), 2), out << 'T';
  padded(out, static_cast<unsigned>(clock.hours().count()), 2), out << ':';
  padded(out, static_cast<unsigned>(clock.minutes().count()), 2), out << ':';
  padded(out, static_cast<unsigned>(clock.seconds().count()), 2), out << '.';
  padded(out, static_cast<unsigned>(clock.subseconds().count()), 3), out << 'Z';
}

void write_logfmt(Out& out, std::string_view value) {
  if (!needs_quotes(value)) {
    out << value;
    return;
  }
  out << '"';
  while (!value.empty()) {
    const auto character = utf8::next(value);
    escaped(out, character);
    value.remove_prefix(character.size());
  }
  out << '"';
}

void write_field(Out& out, config::LogFormat format, std::string_view key, std::string_view value) {
  if (format == config::LogFormat::json) {
    encode::quoted(out, key);
    out << ':';
    encode::quoted(out, value);
  } else {
    out << key << '=';
    write_logfmt(out, value);
  }
}

void write_line(Out& out, config::LogFormat format, const LogRecord& record) {
  const bool json = format == config::LogFormat::json;
  out << (json ? "{\"time\":\"" : "time=");
  write_time(out, record.time);
  out << (json ? "\",\"level\":\"" : " level=") << name_of(record.level) << (json ? "\"," : " ");
  write_field(out, format, "msg", record.message);
  for (const auto& [key, value] : record.fields) {
    out << (json ? ',' : ' ');
    write_field(out, format, key, value);
  }
  out << (json ? "}\n" : "\n");
}

void write_message(Out& out, const LogRecord& record) {
  write_escaped(out, record.message);
  for (const auto& [key, value] : record.fields) {
    out << ' ';
    write_field(out, config::LogFormat::logfmt, key, value);
  }
}

}  // namespace vitald
