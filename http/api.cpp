#include "http/api/handlers.hpp"

namespace vitald::http {

std::vector<Route> routes(const Context& context) {
  return {
      // the first that fits answers: with a telemetry path of "/" there is no landing page, as with the peer
      {Method::get, context.telemetry_path, "Every metric, as Prometheus text.", plan_metrics, metrics},
      {Method::get, "/", "The landing page.", nullptr, landing},
      {Method::get, "/-/healthy", "Whether the daemon lives.", nullptr, healthy, Class::health},
      {Method::get, "/-/ready", "Whether the daemon has read the host and goes on serving.", nullptr, ready,
       Class::health},
      {Method::post, "/-/reload", "Loads the configuration anew.", plan_reload, nullptr, Class::private_,
       true},  // a body tells it nothing, but some clients send one
      {Method::get, "/api/v1/status", "How the daemon itself is doing.", plan_status, status, Class::host},
      {Method::get, "/api/v1/config", "Every setting as it counts, and where it comes from.", plan_no_parameters,
       config, Class::private_},
      {Method::get, "/api/v1/collectors", "Every collector and how it is doing.", plan_no_parameters, collectors},
      {Method::get, "/api/v1/collectors/*", "One collector's rows.", plan_collector, collector},
      {Method::get, "/api/v1/stream", "Collectors' rows on a beat, as server-sent events.", plan_stream, nullptr},
      {Method::get, "/api/v1/processes", "All processes: chosen, sorted, in pages, in groups.", plan_processes, nullptr,
       Class::host},
      {Method::get, "/api/v1/processes/tree", "Processes below their parents.", plan_process_tree, nullptr,
       Class::host},
      {Method::get, "/api/v1/processes/*", "One process.", plan_process, nullptr, Class::host},
      {Method::get, "/api/v1/processes/*/children", "A process's children.", plan_process_children, nullptr,
       Class::host},
      {Method::get, "/api/v1/processes/*/parents", "A process's parents.", plan_process_parents, nullptr, Class::host},
      {Method::get, "/api/v1/processes/*/threads", "A process's threads.", plan_process_part, nullptr, Class::host},
      {Method::get, "/api/v1/processes/*/limits", "A process's limits.", plan_process_part, nullptr, Class::host},
      {Method::get, "/api/v1/processes/*/cgroup", "A process's control groups.", plan_process_part, nullptr,
       Class::host},
      // these are for a process's own user, too, so that it is the handler that says who else
      {Method::get, "/api/v1/processes/*/open-files", "A process's descriptors.", plan_process_part, nullptr,
       Class::host},
      {Method::get, "/api/v1/processes/*/connections", "A process's sockets.", plan_process_part, nullptr, Class::host},
      {Method::get, "/api/v1/processes/*/memory-maps", "A process's memory, by what is mapped.", plan_process_part,
       nullptr, Class::host},
      {Method::get, "/api/v1/processes/*/environment", "A process's environment as it was started.", plan_process_part,
       nullptr, Class::host},
      {Method::get, "/api/v1/processes/*/namespaces", "A process's namespaces.", plan_process_part, nullptr,
       Class::host},
      {Method::get, "/api/v1/watches", "Every watched directory and how it is doing.", plan_no_parameters, watches,
       Class::private_},
      {Method::post, "/api/v1/watches", "Watches a directory until the daemon ends.", plan_add_watch, nullptr,
       Class::private_, true},
      {Method::get, "/api/v1/watches/*", "One watch.", plan_watch, watch_item, Class::private_},
      {Method::remove, "/api/v1/watches/*", "Ends a watch that a client has made.", plan_remove_watch, nullptr,
       Class::private_},
      {Method::get, "/api/v1/watches/*/events", "What has happened, as a page or as server-sent events.",
       plan_watch_events, nullptr, Class::private_},
      {Method::get, "/api/v1/watches/*/tree", "All files and directories of a watch, as after an event.",
       plan_watch_tree, nullptr, Class::private_},
      {Method::post, "/api/v1/watches/*/sync", "Waits until all that was done before is told.", plan_watch_sync,
       nullptr, Class::private_, true},
      {Method::get, "/api/v1/metadata", "Every family: type, help, unit, labels.", plan_metadata, metadata},
  };
}

}  // namespace vitald::http
