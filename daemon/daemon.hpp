#pragma once
// The running daemon: puts the parts together and does what the lifecycle says.
#include "collectors/base/name_service.hpp"
#include "daemon/configuration.hpp"
#include "daemon/groups_port.hpp"
#include "daemon/handed_over.hpp"
#include "daemon/host_readings.hpp"
#include "daemon/lifecycle.hpp"
#include "daemon/log.hpp"
#include "daemon/notify.hpp"
#include "daemon/own_metrics.hpp"
#include "daemon/probe.hpp"
#include "daemon/process_desks.hpp"
#include "daemon/reload.hpp"
#include "daemon/remarks.hpp"
#include "daemon/shift.hpp"
#include "daemon/watches.hpp"
#include "daemon/web/web_gate.hpp"
#include "daemon/wishes.hpp"
#include "http/api/metrics_text.hpp"
#include "http/control.hpp"
#include "http/events/samples.hpp"
#include "http/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <string>
#include <vector>

namespace vitald {

struct NewPlaces;

// One thread makes it, runs it and ends it.
class Daemon final : private http::Control {
 public:
  // `load` is called for each reload.
  Daemon(Wishes wishes, LoadWishes load, HandedOver handed_over, Log& log);
  // Reads the web configuration file, then binds every address; an exit status other than 0 when one failed, and then
  // the log says why.
  int listen();

  struct Calls {
    std::function<void()> ready;  // the host was read once
    std::function<void()> ended;  // the last call, not always on this thread; readers may still hang
  };
  // Reads the host once, then is ready; serves until a signal ends it.
  void run(Calls calls);

 private:
  struct Next;

  bool load_web_config();
  int listen_at_all();
  int listen_for_groups();
  int adopt();
  void follow_all();
  void listen_by_default();
  void wait_for_signal();
  void obey(int signal);
  void handle(Event event);
  void report_ready();
  void settle();
  void tell_systemd();  // that it is ready, for the first time or again
  std::string status_line() const;
  int abandoned_probes() const {
    return probe_.abandoned() + files_.abandoned() + paths_.abandoned() + name_probe_.abandoned() +
           watches_.common().probes_abandoned;
  }
  void reopen_log();
  void log_summary();
  void drain();
  http::DaemonStatus status() const override;
  void reload(std::function<void(const std::string&)> done) override;
  Reload::Then prepare(const Wishes& now);
  void apply(Next& next);
  void listen_anew(NewPlaces& places);
  void note_what_needs_a_restart();
  void refuse(const std::string& why);

  Wishes wishes_;
  const Options started_with_;
  LoadWishes load_;
  HandedOver handed_over_;
  Log& log_;
  Lifecycle life_;
  Calls calls_;
  boost::asio::io_context loop_{1};
  boost::asio::signal_set signals_{loop_};
  Notify notify_;
  ProbeChildren probe_, files_, paths_, name_probe_;
  NameService names_{name_probe_};
  LoggedRemarks remarks_;
  CollectorServices services_{probe_, files_, paths_, remarks_, &names_};
  Lane lane_;
  HostReadings readings_;
  ProcessDesks processes_;
  Watches watches_{loop_};
  http::MetricsText metrics_text_;
  http::Context context_;
  Alarm beat_;
  http::Samples samples_;
  std::unique_ptr<WebGate> gate_;
  http::Server server_;
  std::unique_ptr<GroupsPort> groups_port_;  // null: not wanted
  OwnMetrics own_;
  Alarm overdue_, settled_;
  const double started_at_seconds_;
  http::DaemonStatus::Configuration configuration_;
  Reload reload_;
};

// Of the settings, for those who are given them apart.
std::chrono::milliseconds deadline_of(const config::Settings& settings);
std::chrono::milliseconds freshness_of(const config::Settings& settings);
CollectorWishes collectors_for(const Wishes& wishes);
ProcessDesks::MakeSource processes_for(const Wishes& wishes, NameService& names);

}  // namespace vitald
