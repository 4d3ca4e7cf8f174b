#include "config/file/files.hpp"

#include "config/file/text_file.hpp"

#include <dirent.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

namespace vitald::config {
namespace {

constexpr std::size_t most_files = 1000;

void take_file(const std::string& path, std::span<const Option> options, Files& out) {
  std::string text;
  out.read.push_back(path);
  if (const auto fault = read_text_file(path, text); !fault.empty()) return out.errors.push_back(path + ": " + fault);
  auto found = settings_of(text, path, options);
  std::ranges::move(found.errors, std::back_inserter(out.errors));
  lay_over(out.given, found.given);
}

bool is_one(std::string_view name) { return name.size() > 5 && name.ends_with(".yaml") && !name.starts_with('.'); }

// No such folder is no fault.
std::vector<std::string> names_in(const std::string& folder, std::vector<std::string>& errors) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(::opendir(folder.c_str()), ::closedir);
  if (!dir) {
    if (errno != ENOENT) errors.push_back(folder + ": " + std::strerror(errno));
    return names;
  }
  while (const auto* entry = ::readdir(dir.get())) {
    if (!is_one(entry->d_name)) continue;
    names.emplace_back(entry->d_name);
    if (names.size() <= most_files) continue;
    errors.push_back(folder + ": more than " + std::to_string(most_files) + " files");
    return {};
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace

Files read_files(const std::string& path, std::span<const Option> options) {
  Files files;
  take_file(path, options, files);
  const auto slash = path.rfind('/');
  const auto folder = (slash == path.npos ? "" : path.substr(0, slash + 1)) + "conf.d";
  for (const auto& name : names_in(folder, files.errors)) take_file(folder + "/" + name, options, files);
  return files;
}

}  // namespace vitald::config
