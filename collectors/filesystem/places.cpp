#include "collectors/filesystem/places.hpp"

#include "collectors/base/path.hpp"

#include <algorithm>

namespace vitald::filesystem {

void Places::clear() { places_.clear(); }

std::size_t Places::add(std::string path, bool direct) {
  const auto known = std::ranges::find(places_, path, &Place::path);
  if (known != places_.end()) {
    known->direct = known->direct && direct;
    return static_cast<std::size_t>(known - places_.begin());
  }
  places_.push_back({std::move(path), direct, 0, {}});
  return places_.size() - 1;
}

void Places::ask(std::chrono::milliseconds patience) {
  for (auto& place : places_)
    if (place.direct) place.error = directly_(place.path.c_str(), place.size);
  ask_probe(patience);
}

void Places::ask_probe(std::chrono::milliseconds patience) {
  questions_.clear();
  for (const auto& place : places_)
    if (!place.direct) questions_.push_back({place.path, 0, {}});
  if (questions_.empty()) return;
  probe_.ask(questions_, patience);
  auto question = questions_.begin();
  bool silence = false;
  for (auto& place : places_) {
    if (place.direct) continue;
    place.error = question->error;
    place.size = question->size;
    silence = silence || place.error == ETIMEDOUT;
    ++question;
  }
  if (silence) spread_silence();
}

void Places::spread_silence() {
  for (const auto& silent : questions_) {
    if (silent.error != ETIMEDOUT) continue;
    for (auto& place : places_)
      if (at_or_below(place.path, silent.path)) place.error = ETIMEDOUT;
  }
}

}  // namespace vitald::filesystem
