#pragma once
// The running daemon: puts the parts together and does what the lifecycle says.
#include "daemon/configuration.hpp"
#include "daemon/handed_over.hpp"
#include "daemon/host_readings.hpp"
#include "daemon/lifecycle.hpp"
#include "daemon/log.hpp"
#include "daemon/notify.hpp"
#include "daemon/own_metrics.hpp"
#include "daemon/probe.hpp"
#include "daemon/remarks.hpp"
#include "daemon/shift.hpp"
#include "http/api/metrics_text.hpp"
#include "http/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <set>
#include <string>
#include <vector>

namespace vitald {

// What main has made of the command line.
struct Wishes {
  struct Address {
    std::string host;  // empty: all
    std::uint16_t port = 0;
  };
  std::vector<Address> listen;
  bool systemd_sockets = false;  // listen on those that were handed over, in place of addresses
  HandedOver handed_over;
  std::string telemetry_path;
  std::chrono::nanoseconds freshness{}, deadline{}, drain{};
  bool exporter_metrics = true;
  Roots roots;
  Options options;
  Loaded loaded;                                  // what tells where they come from
  std::set<std::string, std::less<>> collectors;  // those that are on
  std::vector<std::string> unsupported_flags;     // given, and without effect here
  std::vector<std::string> missing_collectors;    // switched on, and not in this build
};

// One thread makes it, runs it and ends it.
class Daemon {
 public:
  Daemon(Wishes wishes, Log& log);
  // Binds every address; an exit status other than 0 when one failed, and then the log says why.
  int listen();

  struct Calls {
    std::function<void()> ready;  // the host was read once
    std::function<void()> ended;  // the last call, not always on this thread; readers may still hang
  };
  // Reads the host once, then is ready; serves until a signal ends it.
  void run(Calls calls);

 private:
  std::vector<HostReadings::Member> members();
  int adopt();
  void wait_for_signal();
  void obey(int signal);
  void handle(Event event);
  void report_ready();
  std::string status_line() const;
  void reload();
  void reopen_log();
  void log_summary();
  void drain();

  Wishes wishes_;
  Log& log_;
  Lifecycle life_;
  Calls calls_;
  boost::asio::io_context loop_{1};
  boost::asio::signal_set signals_{loop_};
  Notify notify_;
  Sources sources_;
  ProbeChildren probe_, files_;
  LoggedRemarks remarks_;
  Environment environment_;
  std::vector<std::unique_ptr<Entry>> missing_;
  Lane lane_;
  HostReadings readings_;
  http::MetricsText metrics_text_;
  http::Context context_;
  http::Server server_;
  OwnMetrics own_;
  Alarm overdue_;
};

}  // namespace vitald
