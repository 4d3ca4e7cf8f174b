#include "config/loader.hpp"

#include "config/file/files.hpp"
#include "config/rules.hpp"

#include <unistd.h>

#include <algorithm>
#include <climits>

namespace vitald::config {
namespace {

const Given* find(const CommandLine& line, std::string_view flag) {
  const auto at = std::ranges::find(line.given, flag, [](const Given& each) { return each.option->flag; });
  return at == line.given.end() ? nullptr : &*at;
}

std::string working_folder() {
  char here[PATH_MAX];
  return ::getcwd(here, sizeof here) ? here : "";
}

std::string whole_path(const std::string& folder, const std::string& path) {
  return path.empty() || path.starts_with('/') || folder.empty() ? path : folder + "/" + path;
}

void make_paths_whole(const std::string& folder, std::vector<Given>& all) {
  for (auto& given : all)
    if (given.option->is_path)
      for (auto& path : given.values) path = whole_path(folder, path);
}

}  // namespace

Loader::Loader(int argc, const char* const* argv, std::span<const Option> options)
    : options_(options), line_(read_command_line(argc, argv, options)) {
  const bool any = std::ranges::any_of(line_.given, [](const Given& given) { return given.option->is_path; });
  if (any) folder_ = working_folder();
  make_paths_whole(folder_, line_.given);
  if (const auto* named = find(line_, "config.file")) file_ = named->values.back();
}

Parsed Loader::load() const {
  Parsed parsed;
  parsed.errors = line_.errors;
  const bool shows_only = find(line_, "help") || find(line_, "version");
  if (file_.empty() || shows_only) {
    settle(line_.given, options_, parsed);
    return parsed;
  }
  auto files = read_files(file_, options_);
  parsed.files = std::move(files.read);
  parsed.fault_in_files = !files.errors.empty();
  std::ranges::move(files.errors, std::back_inserter(parsed.errors));
  make_paths_whole(folder_, files.given);
  lay_over(files.given, line_.given);
  settle(files.given, options_, parsed);
  return parsed;
}

}  // namespace vitald::config
