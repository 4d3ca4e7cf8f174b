#include "daemon/check/check.hpp"

#include "daemon/host_readings.hpp"
#include "daemon/probe.hpp"
#include "daemon/remarks.hpp"

#include <pwd.h>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <cstdio>
#include <memory>

namespace vitald::check {
namespace {

// By the file alone: a name service may hang.
std::string name_of_user(unsigned uid) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> users(std::fopen("/etc/passwd", "re"), std::fclose);
  if (!users) return {};
  while (const auto* user = ::fgetpwent(users.get()))
    if (user->pw_uid == uid) return user->pw_name;
  return {};
}

Identity identity_here() {
  auto who = identity_from(text_of("/proc/self/status").value_or(""));
  who.name = name_of_user(who.uid);
  return who;
}

// One reading of all that is on, as the daemon makes it: a collector that hangs is late, and its thread is left.
class Look {
 public:
  explicit Look(const Wanted& wanted)
      : wanted_(wanted),
        readings_(loop_, log_,
                  make_collectors(
                      {wanted.roots, wanted.options, wanted.collectors, wanted.missing_collectors, wanted.group_rules},
                      {probe_, files_, paths_, remarks_}),
                  std::chrono::seconds(1)) {}

  std::shared_ptr<const http::View> view() {
    http::Selection on;
    const auto known = readings_.known();
    for (std::size_t i = 0; i < known.size(); ++i) on[i] = known[i].on;
    std::shared_ptr<const http::View> seen;
    readings_.ask(on, wanted_.deadline, [&](std::shared_ptr<const http::View> view) {
      seen = std::move(view);
      loop_.stop();
    });
    const auto work = boost::asio::make_work_guard(loop_);
    loop_.run();
    return seen;
  }

 private:
  const Wanted& wanted_;
  boost::asio::io_context loop_{1};
  Log log_{Log::Level::error};
  ProbeChildren probe_, files_, paths_;
  LoggedRemarks remarks_{log_};
  HostReadings readings_;
};

}  // namespace

Report look(const Wanted& wanted) {
  Report report;
  report.who = identity_here();
  const auto facts = facts_here(wanted.roots.proc == "/proc" && wanted.roots.rootfs == "/");
  report.unit = unit_of(facts.cgroup);
  report.container = facts.container_marks;
  report.surroundings = findings(facts);
  auto* const look = new Look(wanted);  // threads of collectors that hang may use it to the end of the process
  for (const auto& reading : look->view()->readings) report.collectors.push_back(advise(reading, report.who));
  for (const auto* entry : catalog())
    if (!wanted.collectors.contains(entry->name)) report.off.emplace_back(entry->name);
  return report;
}

}  // namespace vitald::check
