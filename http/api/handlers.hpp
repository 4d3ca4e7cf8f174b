#pragma once
// The handlers that http/api.cpp puts into its table, one file each.
#include "http/api.hpp"

namespace vitald::http {

Plan plan_metrics(const Request& request, const Context& context);
Reply metrics(const Request& request, const Context& context, const View& view);

Reply landing(const Request& request, const Context& context, const View& view);

Reply config(const Request& request, const Context& context, const View& view);

Reply healthy(const Request& request, const Context& context, const View& view);
Reply ready(const Request& request, const Context& context, const View& view);

Plan plan_no_parameters(const Request& request, const Context& context);
Reply collectors(const Request& request, const Context& context, const View& view);
Plan plan_metadata(const Request& request, const Context& context);
Reply metadata(const Request& request, const Context& context, const View& view);
Plan plan_collector(const Request& request, const Context& context);
Plan plan_stream(const Request& request, const Context& context);
Reply collector(const Request& request, const Context& context, const View& view);

Plan plan_groups(const Request& request, const Context& context);
Reply groups(const Request& request, const Context& context, const View& view);
Reply groups_landing(const Request& request, const Context& context, const View& view);

Plan plan_processes(const Request& request, const Context& context);
Plan plan_process_tree(const Request& request, const Context& context);
Plan plan_process(const Request& request, const Context& context);
Plan plan_process_children(const Request& request, const Context& context);
Plan plan_process_parents(const Request& request, const Context& context);
Plan plan_process_part(const Request& request, const Context& context);

Plan plan_status(const Request& request, const Context& context);
Reply status(const Request& request, const Context& context, const View& view);
Plan plan_reload(const Request& request, const Context& context);

Reply watches(const Request& request, const Context& context, const View& view);
Plan plan_watch(const Request& request, const Context& context);
Reply watch_item(const Request& request, const Context& context, const View& view);
Plan plan_watch_events(const Request& request, const Context& context);
Plan plan_watch_sync(const Request& request, const Context& context);
Plan plan_watch_tree(const Request& request, const Context& context);
Plan plan_add_watch(const Request& request, const Context& context);
Plan plan_remove_watch(const Request& request, const Context& context);

}  // namespace vitald::http
