#include "collectors/watch/file_facts.hpp"

#include <algorithm>

namespace vitald::watch {

FileFacts::Fact& FileFacts::of(Place place) {
  if (place >= facts_.size()) facts_.resize(std::size_t{place} + 1);
  return facts_[place];
}

void FileFacts::stale(Place place) {
  auto& fact = of(place);
  if (!fact.stale) stale_.push_back(place);
  fact.stale = 1;
}

void FileFacts::set(Place place, std::uint64_t size, std::int64_t mtime_ns) {
  auto& fact = of(place);
  fact.mtime_ns = mtime_ns;
  fact.size = size & ((std::uint64_t{1} << 62) - 1);
  fact.known = 1;
}

void FileFacts::unset(Place place) { of(place).known = 0; }

Sizes FileFacts::sum(const Index& index) const {
  Sizes all;
  for (Place place = 0; place < facts_.size(); ++place) {
    const auto& fact = facts_[place];
    if (!fact.known || !index.is_there(place) || index.is_folder(place)) continue;
    all.bytes += fact.size;
    all.newest_ns = all.files == 0 ? fact.mtime_ns : std::max(all.newest_ns, fact.mtime_ns);
    all.oldest_ns = all.files == 0 ? fact.mtime_ns : std::min(all.oldest_ns, fact.mtime_ns);
    ++all.files;
  }
  return all;
}

}  // namespace vitald::watch
