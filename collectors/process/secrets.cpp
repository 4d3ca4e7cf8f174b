#include "collectors/process/secrets.hpp"

#include "collectors/base/scan.hpp"

#include <algorithm>
#include <utility>

namespace vitald::process {
namespace {

constexpr std::string_view quotes = "'\"";

// Up to the blank behind it, or the quote that ends it.
std::string_view take_value(std::string_view& text) {
  std::size_t size = 0;
  if (!text.empty() && quotes.find(text.front()) != quotes.npos) size = text.find(text.front(), 1);
  const auto end = size == text.npos ? text.npos : text.find_first_of(" \t\n", size);
  const auto value = text.substr(0, end);
  text.remove_prefix(value.size());
  return value;
}

// "scheme://user:password@host": behind the colon up to the @.
void append_without_password(std::string_view word, std::string& out) {
  const auto scheme = word.find("://");
  const auto from = scheme == word.npos ? word.npos : scheme + 3;
  const auto host = from == word.npos ? word.npos : word.substr(0, word.find('/', from)).rfind('@');
  const auto colon = host == word.npos || host < from ? word.npos : word.find(':', from);
  if (colon == word.npos || colon > host || colon + 1 == host) return void(out += word);
  out.append(word.substr(0, colon + 1)).append(Secrets::mask).append(word.substr(host));
}

std::string_view without_dashes(std::string_view name) {
  name.remove_prefix(std::min(name.find_first_not_of('-'), name.size()));
  return name;
}

bool names_a_file(std::string_view name) {
  for (const std::string_view end : {"file", "path", "dir", "FILE", "PATH", "DIR"})
    if (name.ends_with(end)) return true;
  return false;
}

}  // namespace

bool Secrets::is_secret(std::string_view name) const {
  return names_.given() && !name.empty() && name.size() <= 256 && !names_a_file(name) && names_.found_in(name);
}

void Secrets::append_value(std::string_view name, std::string_view value, std::string& out) const {
  if (!value.empty() && is_secret(name)) return void(out += mask);
  append_without_password(value, out);
}

// Whether the next word is a secret; `first` of its argument: then the value is all of the rest.
bool Secrets::append_word(std::string_view& argument, bool first, std::string& out) const {
  const auto end = std::min(argument.find_first_of("=: \t\n"), argument.size());
  const auto before = argument.substr(0, end);
  const auto name = without_dashes(
      before.substr(before.find_first_not_of(quotes) == before.npos ? 0 : before.find_first_not_of(quotes)));
  const char stop = end < argument.size() ? argument[end] : '\0';
  const bool has_value = stop == '=' || argument.substr(end).starts_with(": ");
  if (has_value && is_secret(name)) {
    const auto skipped = end + (stop == '=' ? 1 : 2);
    out += argument.substr(0, skipped);
    argument.remove_prefix(skipped);
    const bool rest = first || stop == ':';
    const auto value = rest ? std::exchange(argument, {}) : take_value(argument);
    if (!value.empty()) out += mask;
    return false;
  }
  const auto word = argument.substr(0, argument.find_first_of(" \t\n"));
  append_without_password(word, out);
  argument.remove_prefix(word.size());
  return word.starts_with('-') && stop != '=' && stop != ':' && is_secret(name);
}

// Whether the argument behind it is a secret.
bool Secrets::append_argument(std::string_view argument, std::string& out) const {
  bool secret = false;
  for (bool first = true; !argument.empty(); first = false) {
    const auto blanks = argument.substr(0, argument.find_first_not_of(" \t\n"));
    if (blanks.size() == argument.size()) return void(out += blanks), secret;
    out += blanks;
    argument.remove_prefix(blanks.size());
    if (secret && !argument.starts_with('-')) {
      take_value(argument);
      out += mask;
      secret = false;
    } else {
      secret = append_word(argument, first, out);
    }
  }
  return secret;
}

void Secrets::append_command(std::string_view command, std::string& out) const {
  bool secret = false;
  while (!command.empty()) {
    const auto at = command.find('\0');
    const auto argument = command.substr(0, at);
    if (secret && !argument.empty() && !argument.starts_with('-')) {
      out += mask;
      secret = false;
    } else {
      secret = append_argument(argument, out);
    }
    command.remove_prefix(at == command.npos ? command.size() : at + 1);
    if (at != command.npos) out += '\0';
  }
}

}  // namespace vitald::process
