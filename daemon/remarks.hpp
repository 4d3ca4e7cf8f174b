#pragma once
// What collectors have to say of single files or devices, as lines of the log.
#include "collectors/base/collector.hpp"
#include "daemon/log.hpp"

namespace vitald {

class LoggedRemarks final : public Remarks {
 public:
  explicit LoggedRemarks(const Log& log) : log_(log) {}
  void fails(std::string_view collector, std::string_view subject, std::string_view reason) override {
    log_.warn("a part of a collector fails", {{"collector", collector}, {"subject", subject}, {"reason", reason}});
  }
  void works_again(std::string_view collector, std::string_view subject) override {
    log_.info("a part of a collector works again", {{"collector", collector}, {"subject", subject}});
  }

 private:
  const Log& log_;
};

}  // namespace vitald
