#include "collectors/service/textfile_patterns.hpp"

#include "collectors/base/scan.hpp"

#include <unistd.h>

namespace vitald::service {
namespace {

constexpr std::string_view debian = "/var/lib/prometheus/node-exporter";

std::string working_directory() {
  std::string path(4096, '\0');
  return ::getcwd(path.data(), path.size()) ? path.c_str() : "/";
}

std::string below(std::string_view folder, std::string_view name) {
  return std::string(folder == "/" ? "" : folder).append("/").append(name);
}

}  // namespace

std::string cleaned(std::string_view path) {
  const bool absolute = path.starts_with('/');
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const auto part = scan::take_until(path, '/');
    if (part.empty() || part == ".") continue;
    const bool climbs = part == "..";
    if (climbs && !parts.empty() && parts.back() != "..")
      parts.pop_back();
    else if (!climbs || !absolute)
      parts.push_back(part);
  }
  std::string made;
  for (const auto part : parts) made.append(made.empty() && !absolute ? "" : "/").append(part);
  return !made.empty() ? made : absolute ? "/" : ".";
}

Pattern pattern_of(std::string_view given, std::string_view here) {
  Pattern made;
  const auto clean = cleaned(given);
  std::string folder = clean;
  if (!clean.starts_with('/')) {
    folder = cleaned(below(here, clean));
    std::size_t climbs = clean == "." ? 1 : 0;  // the part of the label that the absolute path has otherwise
    while (std::string_view(clean).substr(climbs).starts_with("..")) climbs = std::min(climbs + 3, clean.size());
    made.label = clean == "." ? "" : clean.substr(0, climbs);
    made.replaced = folder.size() - (clean.size() - climbs);
    if (climbs == clean.size() && !made.label.ends_with('/')) made.replaced += clean == "." ? 1 : 0;
  }
  made.files = below(folder, "*.prom");
  const auto star = made.files.find_first_of("*?[\\");
  made.prefix = made.files.substr(0, std::max<std::size_t>(made.files.rfind('/', star), 1));
  return made;
}

std::vector<Pattern> patterns_of(const Options& options, const Roots& roots) {
  std::vector<Pattern> all;
  const auto here = working_directory();
  for (const auto& given : options.values("collector.textfile.directory"))
    if (!given.empty()) all.push_back(pattern_of(given, here));
  if (options.given("collector.textfile.directory")) return all;
  all.push_back(pattern_of(roots.rootfs == "/" ? std::string(debian) : roots.rootfs + std::string(debian), here));
  all.back().optional = true;
  return all;
}

}  // namespace vitald::service
