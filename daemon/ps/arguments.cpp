#include "daemon/ps/arguments.hpp"

#include "collectors/base/scan.hpp"

#include <algorithm>
#include <optional>

namespace vitald::ps {
namespace {

constexpr std::string_view resource = "/api/v1/processes";
constexpr std::string_view usual =
    "pid,user,state,cpu_percent,memory_percent,memory.rss_bytes,num_threads,cpu_times.user_seconds_total,"
    "cpu_times.system_seconds_total,name,cmdline";

std::string escaped(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (scan::plain(c) || c == '.' || c == '-' || c == ',' || c == '~')
      out += c;
    else
      out.append("%").append(1, hex[byte >> 4]).append(1, hex[byte & 15]);
  }
  return out;
}

struct Query {
  std::string sort = "-cpu_percent", limit = "20", over = "1s", fields{usual};
  std::string rest;  // filters

  std::string text() const {
    std::string all = "fields=" + escaped(fields) + "&limit=" + escaped(limit) + rest;
    if (!sort.empty()) all += "&sort=" + escaped(sort);
    if (over != "0" && over != "0s") all += "&over=" + escaped(over);
    return all;
  }
};

std::optional<Form> form_of(std::string_view name) {
  if (name == "table") return Form::table;
  if (name == "json") return Form::json;
  return name == "csv" ? std::optional(Form::csv) : std::nullopt;
}

class Words {
 public:
  Words(std::span<char* const> words, Arguments& out) : words_(words), out_(out) {}

  void read(std::string& where) {
    while (next_ < words_.size() && out_.fault.empty()) {
      const std::string_view word = words_[next_++];
      if (word == "--help" || word == "-h")
        out_.help = true;
      else if (!word.starts_with('-'))
        filter(word);
      else if (!flag(word, where))
        out_.fault = "unknown flag " + std::string(word);
    }
  }
  const Query& query() const { return query_; }

 private:
  // "--name=value", "--name value", "-n value"
  bool takes(std::string_view word, std::string_view name, std::string_view letter, std::string& to) {
    const auto equals = word.find('=');
    if (word.starts_with("--") && equals != word.npos && word.substr(0, equals) == name)
      return to = word.substr(equals + 1), true;
    if (word != name && (letter.empty() || word != letter)) return false;
    if (next_ == words_.size())
      out_.fault = std::string(word) + " wants a value";
    else
      to = words_[next_++];
    return true;
  }

  bool flag(std::string_view word, std::string& where) {
    std::string form;
    if (takes(word, "--sort", "-s", query_.sort) || takes(word, "--limit", "-n", query_.limit) ||
        takes(word, "--over", "", query_.over) || takes(word, "--url", "", where))
      return true;
    if (takes(word, "--fields", "-f", query_.fields)) return out_.usual_fields = false, true;
    if (!takes(word, "--output", "-o", form)) return false;
    const auto known = form_of(form);
    if (known)
      out_.form = *known;
    else if (out_.fault.empty())
      out_.fault = "the output is table, json or csv";
    return true;
  }

  // "name~=RE", "user=root", "min.cpu_percent=5"
  void filter(std::string_view word) {
    const auto equals = word.find('=');
    if (equals == word.npos || equals == 0) {
      out_.fault = "a filter is NAME=VALUE: " + std::string(word);
      return;
    }
    query_.rest.append("&")
        .append(escaped(word.substr(0, equals)))
        .append("=")
        .append(escaped(word.substr(equals + 1)));
  }

  std::span<char* const> words_;
  std::size_t next_ = 0;
  Query query_;
  Arguments& out_;
};

}  // namespace

std::string_view usage_text() {
  return "Usage: vitald ps [FLAGS] [FILTER=VALUE]...\n"
         "Processes, as a running daemon tells of them.\n"
         "\n"
         "  -s, --sort FIELDS     by one or more; a minus before a name turns it round (-cpu_percent)\n"
         "  -n, --limit NUMBER    so many at most (20); 0: all\n"
         "  -f, --fields FIELDS   these instead of the usual ones\n"
         "  -o, --output FORM     table, json or csv (table)\n"
         "      --over TIME       rates are measured for so long (1s); 0: since somebody last asked\n"
         "      --url URL         http://[USER:PASSWORD@]HOST[:PORT] or unix:/SOCKET\n"
         "                        (unix:/run/vitald/vitald.sock if that is there, else http://localhost:9100)\n"
         "  -h, --help            show this text and exit\n"
         "\n"
         "Filters: pid, ppid, name, name~ (an expression), user, state, cgroup, min.FIELD, max.FIELD.\n"
         "  vitald ps name~=^postgres user=postgres min.memory.rss_bytes=100000000\n"
         "\n"
         "Status: 0 told, 64 wrong usage, 69 the daemon cannot be asked, 77 it does not tell this user.\n";
}

Arguments read_arguments(std::span<char* const> words, const std::string& socket) {
  Arguments out;
  std::string where = socket.empty() ? "http://localhost:9100" : "unix:" + socket;
  Words all(words, out);
  all.read(where);
  if (!out.fault.empty()) return out;
  out.fault = diff::parse_url(where, out.url);
  out.url.target = std::string(resource) + "?" + all.query().text();
  std::string_view rest = all.query().fields;
  while (!rest.empty()) out.fields.emplace_back(scan::take_until(rest, ','));
  return out;
}

}  // namespace vitald::ps
