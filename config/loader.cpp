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

// Its files are told of by the folder as it was given.
constexpr std::string_view told_as_given = "collector.textfile.directory";

bool is_told_as_given(const Given& given) { return given.option->flag == told_as_given; }

std::string working_folder() {
  char here[PATH_MAX];
  return ::getcwd(here, sizeof here) ? here : "";
}

std::string whole_path(const std::string& folder, const std::string& path) {
  return path.empty() || path.starts_with('/') || folder.empty() ? path : folder + "/" + path;
}

void make_whole(const std::string& folder, Given& given) {
  for (auto& path : given.values) path = whole_path(folder, path);
}

void make_paths_whole(const std::string& folder, std::vector<Given>& all) {
  for (auto& given : all)
    if (given.option->is_path && !is_told_as_given(given)) make_whole(folder, given);
}

// Whoever reads a relative path later does so from the same folder: we have not left it, and will not.
bool stays_in(const std::string& folder, const std::vector<Given>& all) {
  const auto* daemon = find(all, "daemon");
  const bool leaves = daemon && !daemon->values.empty() && daemon->values.back() == "true";
  return !leaves && working_folder() == folder;
}

void make_others_whole(const std::string& folder, std::vector<Given>& all) {
  const auto others = std::ranges::find_if(all, is_told_as_given);
  if (others != all.end() && !stays_in(folder, all)) make_whole(folder, *others);
}

}  // namespace

Loader::Loader(int argc, const char* const* argv, std::span<const Option> options)
    : options_(options), line_(read_command_line(argc, argv, options)) {
  const bool any = std::ranges::any_of(line_.given, [](const Given& given) { return given.option->is_path; });
  if (any) folder_ = working_folder();
  make_paths_whole(folder_, line_.given);
  if (const auto* named = find(line_.given, "config.file")) file_ = named->values.back();
}

Parsed Loader::load() const {
  Parsed parsed;
  parsed.errors = line_.errors;
  const bool shows_only = find(line_.given, "help") || find(line_.given, "version");
  auto given = file_.empty() || shows_only ? line_.given : given_with_files(parsed);
  make_others_whole(folder_, given);
  settle(given, options_, parsed);
  return parsed;
}

std::vector<Given> Loader::given_with_files(Parsed& parsed) const {
  auto files = read_files(file_, options_);
  parsed.files = std::move(files.read);
  parsed.fault_in_files = !files.errors.empty();
  std::ranges::move(files.errors, std::back_inserter(parsed.errors));
  make_paths_whole(folder_, files.given);
  lay_over(files.given, line_.given);
  return std::move(files.given);
}

}  // namespace vitald::config
