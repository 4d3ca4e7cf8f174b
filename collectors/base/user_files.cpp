#include "collectors/base/user_files.hpp"

#include "collectors/base/user_open.hpp"

#include <dirent.h>
#include <fnmatch.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace vitald {
namespace {

struct RecordHead {
  FileStamp stamp;
  std::int32_t error;
  std::uint32_t length;
  std::uint32_t is_folder;  // 0: it is none. No bool, for which the bytes of a broken probe may be no value
};

bool is_pattern(std::string_view component) { return component.find_first_of("*?[\\") != component.npos; }

std::string_view take_component(std::string_view& path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  const auto component = path.substr(0, path.find('/'));
  path.remove_prefix(component.size());
  return component;
}

// There is a link, or the kernel (or who guards it) has no openat2(2).
bool cannot_refuse(int error, Links links) {
  return links == Links::refuse && (error == ELOOP || error == ENOSYS || error == EPERM);
}

bool is_no_folder(int error) { return error == ENOENT || error == ENOTDIR; }

}  // namespace

void tell_listed(const ListedFile& file, std::string& records) {
  RecordHead head{};
  head.stamp = file.stamp;
  head.error = file.error;
  head.length = static_cast<std::uint32_t>(file.path.size());
  head.is_folder = file.is_folder ? 1 : 0;
  records.append(reinterpret_cast<const char*>(&head), sizeof head).append(file.path);
}

bool take_listed(std::string_view& records, ListedFile& out) {
  RecordHead head;
  if (records.size() < sizeof head) return false;
  std::memcpy(&head, records.data(), sizeof head);
  records.remove_prefix(sizeof head);
  if (records.size() < head.length) return false;
  out = {records.substr(0, head.length), head.stamp, head.error, head.is_folder != 0};
  records.remove_prefix(head.length);
  return true;
}

std::string& UserFiles::Paths::next(std::string_view text) {
  if (used == all.size()) all.emplace_back();
  all[used].assign(text);
  return all[used++];
}

int UserFiles::list(std::string_view pattern, Links links, std::string& out) {
  told_ = 0;
  if (const int error = expand(pattern, links); error != 0) return error;
  const auto file = pattern.substr(pattern.rfind('/') + 1);
  const auto folder = pattern.substr(0, pattern.size() - file.size());
  component_.assign(file);
  bool any = false;
  for (std::size_t i = 0; i < now_.used; ++i) {
    const int error = list_folder(now_.all[i], component_, links, out);
    if (cannot_refuse(error, links)) return error;
    if (globbed_ && is_no_folder(error)) continue;
    any = true;
    if (error != 0) tell_listed({now_.all[i], {}, error, true}, out);
  }
  if (any) return 0;
  const std::string literal(folder.substr(0, std::max<std::size_t>(folder.size(), 2) - 1));  // it may be no pattern
  if (const int error = list_folder(literal, component_, links, out); error != 0)
    tell_listed({literal, {}, error, true}, out);
  return 0;
}

// now_ becomes the folders that the pattern's components but the last stand for.
int UserFiles::expand(std::string_view pattern, Links links) {
  now_.used = 0;
  now_.next("");
  globbed_ = false;
  auto rest = pattern.substr(0, pattern.rfind('/'));
  for (auto component = take_component(rest); !component.empty(); component = take_component(rest)) {
    if (!is_pattern(component)) {
      for (std::size_t i = 0; i < now_.used; ++i) now_.all[i].append("/").append(component);
      continue;
    }
    globbed_ = true;
    component_.assign(component);
    next_.used = 0;
    for (std::size_t i = 0; i < now_.used && next_.used < most_files; ++i) {
      const auto& above = now_.all[i];
      const Descriptor folder(open_path(above.empty() ? "/" : above.c_str(), O_DIRECTORY, links));
      if (folder < 0 && cannot_refuse(errno, links)) return errno;
      if (folder < 0 || take_names(folder) != 0) continue;
      for (const auto start : starts_)
        if (::fnmatch(component_.c_str(), names_.c_str() + start, 0) == 0)
          next_.next(above).append("/").append(names_.c_str() + start);
    }
    std::swap(now_, next_);
  }
  return 0;
}

int UserFiles::list_folder(const std::string& path, const std::string& wanted, Links links, std::string& out) {
  const Descriptor folder(open_path(path.empty() ? "/" : path.c_str(), O_DIRECTORY, links));
  if (folder < 0) return errno;
  if (const int error = take_names(folder); error != 0) return error;
  std::erase_if(starts_, [&](auto start) { return ::fnmatch(wanted.c_str(), names_.c_str() + start, 0) != 0; });
  return tell_files(folder, path, links, out);
}

int UserFiles::tell_files(int folder, const std::string& path, Links links, std::string& out) {
  for (const auto start : starts_) {
    if (told_ == most_files) return E2BIG;
    const char* const name = names_.c_str() + start;
    ListedFile file;
    struct stat about {};
    if (::fstatat(folder, name, &about, links == Links::follow ? 0 : AT_SYMLINK_NOFOLLOW) != 0)
      file.error = errno;
    else if (links == Links::refuse && S_ISLNK(about.st_mode))
      return ELOOP;
    else if (!S_ISREG(about.st_mode))
      file.error = ENODEV;
    file.stamp = stamp_of(about);
    path_.assign(path).append("/").append(name);
    file.path = path_;
    tell_listed(file, out);
    ++told_;
  }
  return 0;
}

// All names of the folder, sorted; 0 or an errno.
int UserFiles::take_names(int folder) {
  names_.clear();
  starts_.clear();
  alignas(dirent64) char chunk[8192];
  for (;;) {
    const auto size = ::getdents64(folder, chunk, sizeof chunk);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return errno;
    if (size == 0) break;
    for (ssize_t at = 0; at < size;) {
      const auto* entry = reinterpret_cast<const dirent64*>(chunk + at);
      at += entry->d_reclen;
      const std::string_view name = entry->d_name;
      if (name == "." || name == "..") continue;
      if (starts_.size() == most_names) return E2BIG;
      starts_.push_back(names_.size());
      names_.append(name).push_back('\0');
    }
  }
  std::ranges::sort(starts_, [&](auto a, auto b) { return std::strcmp(&names_[a], &names_[b]) < 0; });
  return 0;
}

}  // namespace vitald
