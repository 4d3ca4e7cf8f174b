#include "daemon/absences.hpp"

namespace vitald {

void Absences::found(std::size_t collector, bool nothing, Clock::time_point began) {
  absent_[collector] = nothing;
  began_[collector] = began;
}

Absences::Selection Absences::still(Uevents::News news, Clock::time_point now) {
  if (news == Uevents::News::some) news_ = now;
  if (news != Uevents::News::none) return {};
  auto still = absent_;
  for (std::size_t i = 0; i < still.size(); ++i)
    if (still[i] && (began_[i] < news_ + times_.settling || now - began_[i] >= times_.look_again)) still.reset(i);
  return still;
}

}  // namespace vitald
