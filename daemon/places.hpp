#pragma once
// Where a reload makes the server listen, and where no longer.
#include "config/settings.hpp"
#include "http/listen.hpp"

#include <string>
#include <vector>

namespace vitald {

struct NewPlaces {
  std::vector<http::Bound> bound;
  std::vector<http::Place> left;
};

// Binds what is new; may wait for a name. Throws std::runtime_error naming every address that cannot be had. What
// overlaps with an address that is still listened at, as 127.0.0.1:9100 does with :9100, cannot.
NewPlaces places_between(const config::Settings& now, const config::Settings& next);

}  // namespace vitald
