#include "daemon/places.hpp"

#include "daemon/web_settings.hpp"

#include <algorithm>
#include <stdexcept>

namespace vitald {

NewPlaces places_between(const config::Settings& now, const config::Settings& next) {
  NewPlaces places;
  if (now.systemd_socket || next.systemd_socket) return places;  // systemd's sockets stay, or it needs a restart
  std::string why;
  for (const auto& address : next.listen) {
    if (std::ranges::find(now.listen, address) != now.listen.end()) continue;
    const auto place = place_for(address);
    const auto made = http::listen_at(place);
    if (made.socket < 0)
      why.append(why.empty() ? "" : "; ").append("cannot listen at " + to_string(place) + ": " + made.why);
    else
      places.bound.emplace_back(place, made);
  }
  if (!why.empty()) throw std::runtime_error(why);
  for (const auto& address : now.listen)
    if (std::ranges::find(next.listen, address) == next.listen.end()) places.left.push_back(place_for(address));
  return places;
}

}  // namespace vitald
