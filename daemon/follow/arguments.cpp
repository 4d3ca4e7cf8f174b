#include "daemon/follow/arguments.hpp"

#include "collectors/base/scan.hpp"

#include <algorithm>

namespace vitald::follow {
namespace {

bool is_of_a_name(char c) { return scan::plain(c) || c == '.' || c == '-'; }

// "--name=value" or "--name value"; `next` is behind the word.
bool takes_value(std::string_view name, std::span<char* const> words, std::size_t& next, std::string& to,
                 std::string& fault) {
  const std::string_view word = words[next - 1];
  if (word.starts_with(name) && word.substr(name.size()).starts_with('='))
    return to = word.substr(name.size() + 1), true;
  if (word != name) return false;
  if (next == words.size())
    fault = std::string(name) + " wants a value";
  else
    to = words[next++];
  return true;
}

}  // namespace

std::string_view usage_text() {
  return "Usage: vitald watch [FLAGS] NAME|PATH\n"
         "What happens in a directory, as a running daemon tells it, until it is interrupted.\n"
         "\n"
         "NAME is one of the daemon's watches. PATH, which begins with a slash, is watched for as long as this runs; "
         "it is\n"
         "that of a watch, or below one of --watch.roots.\n"
         "\n"
         "      --json         a line of JSON for each event, as the API tells it\n"
         "      --since ID     go on after this event, instead of from now on\n"
         "      --url URL      http://[USER:PASSWORD@]HOST[:PORT] or unix:/SOCKET\n"
         "                     (unix:/run/vitald/vitald.sock if that is there, else http://localhost:9100)\n"
         "  -h, --help         show this text and exit\n"
         "\n"
         "When the daemon is away for a while, it goes on where it was, each event once; what cannot be had any more "
         "is\n"
         "told by a line \"reset\".\n"
         "\n"
         "Status: 0 interrupted, or nobody reads on, 64 wrong usage, 69 the daemon cannot be asked or has no such "
         "watch,\n"
         "77 it does not tell this user.\n";
}

Arguments read_arguments(std::span<char* const> words, const std::string& socket) {
  Arguments out;
  std::string where = socket.empty() ? "http://localhost:9100" : "unix:" + socket;
  for (std::size_t next = 0; next < words.size() && out.fault.empty();) {
    const std::string_view word = words[next++];
    if (word == "--help" || word == "-h")
      out.help = true;
    else if (word == "--json")
      out.json = true;
    else if (takes_value("--since", words, next, out.since, out.fault) ||
             takes_value("--url", words, next, where, out.fault))
      continue;
    else if (word.starts_with('-'))
      out.fault = "unknown flag " + std::string(word);
    else if (!out.what.empty())
      out.fault = "one name or path is wanted";
    else
      out.what = word;
  }
  if (!out.fault.empty() || out.help) return out;
  if (out.what.empty()) out.fault = "a name or a path is wanted";
  if (out.fault.empty() && !out.what.starts_with('/') && !std::ranges::all_of(out.what, is_of_a_name))
    out.fault = out.what + " is neither a watch's name nor a whole path";
  if (out.fault.empty()) out.fault = diff::parse_url(where, out.url);
  return out;
}

}  // namespace vitald::follow
