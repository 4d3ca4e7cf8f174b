#include "daemon/diff/arguments.hpp"

#include <string_view>

namespace vitald::diff {
namespace {

void add_url(std::string_view word, Arguments& out) {
  Url url;
  const auto fault = parse_url(word, url);
  if (!fault.empty() && out.fault.empty()) out.fault = fault;
  out.urls.push_back(std::move(url));
}

}  // namespace

std::string_view usage_text() {
  return "Usage: vitald diff [FLAGS] URL            compares http://localhost:9100/metrics with URL\n"
         "       vitald diff [FLAGS] OURS URL...    compares OURS with one or several others\n"
         "What scrapes of the others show and ours does not, what is new, and what is another: families, labels, "
         "types,\n"
         "series and values. All pages are asked in turns, so that values which move are known to move.\n"
         "\n"
         "URL is http://[USER:PASSWORD@]HOST[:PORT][/PATH]; the path is /metrics unless told otherwise. Or "
         "unix:/SOCKET.\n"
         "\n"
         "  --rules FILE...        list the alert and recording rules that lose what they ask for\n"
         "  --dashboards FILE...   list the panels of Grafana's dashboards that do\n"
         "  --json                 as JSON, with every series\n"
         "  --strict               changes without a known reason are losses, too\n"
         "  --                     what follows is a URL, and no file\n"
         "  --known                show the differences that are known and no faults, as JSON, and exit\n"
         "  --help                 show this text and exit\n"
         "\n"
         "Status: 0 nothing is lost, 1 something is, 64 wrong usage, 69 a page cannot be had.\n";
}

Arguments read_arguments(std::span<char* const> words) {
  Arguments out;
  std::vector<std::string>* files = nullptr;
  bool rules = false, dashboards = false;
  for (const std::string_view word : words) {
    rules = rules || word == "--rules";
    dashboards = dashboards || word == "--dashboards";
    if (word == "--json")
      out.json = true;
    else if (word == "--strict")
      out.strict = true;
    else if (word == "--help" || word == "-h")
      out.help = true;
    else if (word == "--known")
      out.known = true;
    else if (word == "--rules")
      files = &out.rules;
    else if (word == "--dashboards")
      files = &out.dashboards;
    else if (word.starts_with("--rules="))
      out.rules.emplace_back(word.substr(8));
    else if (word.starts_with("--dashboards="))
      out.dashboards.emplace_back(word.substr(13));
    else if (word == "--")
      files = nullptr;
    else if (word.starts_with("-") && out.fault.empty())
      out.fault = "unknown flag " + std::string(word);
    else if (files && word.find("://") == word.npos && !word.starts_with("unix:/"))
      files->emplace_back(word);
    else
      add_url(word, out);
    if (files && word.starts_with("--") && word != "--rules" && word != "--dashboards") files = nullptr;
  }
  if (out.fault.empty() && rules && out.rules.empty()) out.fault = "--rules names no file";
  if (out.fault.empty() && dashboards && out.dashboards.empty()) out.fault = "--dashboards names no file";
  if (out.urls.empty() && out.fault.empty()) out.fault = "no URL is given";
  if (out.urls.size() == 1) {
    out.urls.insert(out.urls.begin(), Url{});
    parse_url("http://localhost:9100/metrics", out.urls.front());
  }
  return out;
}

}  // namespace vitald::diff
