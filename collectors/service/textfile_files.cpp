#include "collectors/service/textfile_files.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <tuple>
#include <utility>

namespace vitald::service {
bool TextFiles::look(std::int64_t now) {
  list();
  take_records();
  bool others = arrange();
  others |= find_stale();
  others |= read_stale(now);
  return others;
}

void TextFiles::list() {
  if (way_.changed())
    for (auto& pattern : patterns_) pattern.near = way_.is_around(pattern.prefix);
  for (auto& pattern : patterns_) {
    pattern.records.clear();
    pattern.direct = pattern.near && lister_.list(pattern.files, Links::refuse, pattern.records) == 0;
  }
  list_by_probe();
}

// Also what holds links, which may lead anywhere, and where the kernel has no openat2(2).
void TextFiles::list_by_probe() {
  questions_.clear();
  for (auto& pattern : patterns_)
    if (!pattern.direct) questions_.push_back({pattern.files, 0, {}, Probe::Wants::files, &pattern.records});
  if (questions_.empty()) return;
  probe_.ask(questions_, patience);
  for (const auto& question : questions_) {
    if (question.error == 0) continue;
    question.bytes->clear();
    tell_listed({question.path.substr(0, question.path.rfind('/')), {}, question.error, true}, *question.bytes);
  }
}

void TextFiles::take_records() {
  listed_.clear();
  for (const auto& pattern : patterns_) {
    std::string_view records = pattern.records;
    for (Listed listed{&pattern, {}}; take_listed(records, listed.file);) {
      const bool missing = listed.file.is_folder && state_of(system_fault({}, listed.file.error)) == State::absent;
      if (!missing || !pattern.optional) listed_.push_back(listed);
    }
  }
}

// files_ becomes what is listed, in that order; true when it was not so before.
bool TextFiles::arrange() {
  const auto same = [](const TextFile& file, const Listed& listed) {
    return file.path == listed.file.path && file.is_folder == listed.file.is_folder;
  };
  if (std::ranges::equal(files_, listed_, same)) return false;
  std::vector<TextFile> next;
  std::set<std::string_view> seen;
  for (const auto& listed : listed_) {
    const bool again = !seen.insert(listed.file.path).second;
    const auto old = std::ranges::find_if(files_, [&](const auto& file) { return same(file, listed) && !file.again; });
    auto& file = next.emplace_back();
    if (old != files_.end() && !again) file = std::exchange(*old, {});
    file.path = listed.file.path;
    file.label = listed.pattern->label_of(listed.file.path);
    file.is_folder = listed.file.is_folder;
    file.again = again;
  }
  files_ = std::move(next);
  return true;
}

bool TextFiles::find_stale() {
  bool others = false;
  std::size_t bytes = 0;
  stale_.clear();
  for (std::size_t i = 0; i < files_.size(); ++i) {
    auto& file = files_[i];
    const auto& [stamp, error] = std::tie(listed_[i].file.stamp, listed_[i].file.error);
    if (file.again) continue;
    if (error != 0 || stamp.size > most_file_bytes) {
      others |= fail(file, error != 0 ? error : EFBIG);
      continue;
    }
    bytes += stamp.size;
    if (bytes > most_bytes)
      others |= fail(file, State::parse, "all files together are larger than 32 MiB");
    else if (!file.settled || file.stamp != stamp)
      stale_.push_back(i);
  }
  return others;
}

}  // namespace vitald::service
