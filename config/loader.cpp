#include "config/loader.hpp"

#include "config/file/files.hpp"
#include "config/rules.hpp"

#include <unistd.h>

#include <algorithm>
#include <climits>

namespace vitald::config {
namespace {

const Given* find(const std::vector<Given>& all, std::string_view flag) {
  const auto at = std::ranges::find(all, flag, [](const Given& each) { return each.option->flag; });
  return at == all.end() ? nullptr : &*at;
}

std::string working_folder() {
  char here[PATH_MAX];
  return ::getcwd(here, sizeof here) ? here : "";
}

std::string whole_path(const std::string& folder, const std::string& path) {
  return path.empty() || path.starts_with('/') || folder.empty() ? path : folder + "/" + path;
}

void make_paths_whole(const std::string& folder, std::vector<Given>& all, bool as_given) {
  for (auto& given : all)
    if (given.option->is_path && given.option->as_given == as_given)
      for (auto& path : given.values) path = whole_path(folder, path);
}

// Whoever reads a relative path later does so from the same folder: we have not left it, and will not.
bool stays_in(const std::string& folder, const std::vector<Given>& all) {
  const auto* daemon = find(all, "daemon");
  const bool leaves = daemon && !daemon->values.empty() && daemon->values.back() == "true";
  return !leaves && working_folder() == folder;
}

}  // namespace

Loader::Loader(int argc, const char* const* argv, std::span<const Option> options)
    : options_(options), line_(read_command_line(argc, argv, options)) {
  const bool any = std::ranges::any_of(line_.given, [](const Given& given) { return given.option->is_path; });
  if (any) folder_ = working_folder();
  make_paths_whole(folder_, line_.given, false);
  if (const auto* named = find(line_.given, "config.file")) file_ = named->values.back();
}

Parsed Loader::load() const {
  Parsed parsed;
  parsed.errors = line_.errors;
  const bool shows_only = find(line_.given, "help") || find(line_.given, "version");
  auto given = file_.empty() || shows_only ? line_.given : given_with_files(parsed);
  if (!stays_in(folder_, given)) make_paths_whole(folder_, given, true);
  settle(given, options_, parsed);
  return parsed;
}

std::vector<Given> Loader::given_with_files(Parsed& parsed) const {
  auto files = read_files(file_, options_);
  parsed.files = std::move(files.read);
  parsed.fault_in_files = !files.errors.empty();
  std::ranges::move(files.errors, std::back_inserter(parsed.errors));
  make_paths_whole(folder_, files.given, false);
  lay_over(files.given, line_.given);
  return std::move(files.given);
}

}  // namespace vitald::config
