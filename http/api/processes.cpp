// /api/v1/processes, /api/v1/processes/tree.
#include "http/processes.hpp"

#include "http/api/handlers.hpp"
#include "http/api/process_asking.hpp"
#include "http/api/process_listing.hpp"
#include "http/api/process_tree.hpp"

namespace vitald::http {
namespace {

Reply listing(const ProcessQuery& query, const std::string& path, ProcessSource& source, const SampleWish& wish) {
  std::shared_ptr<const ProcessSample> sample;
  if (query.cursor) {
    sample = source.kept(query.cursor->sample);
    if (!sample)
      return problem(Status::gone, "the sample that this cursor belongs to is gone: begin anew", "cursor", {});
  } else {
    auto read = source.sample(wish);
    if (!read) return cannot_read(read.error());
    sample = *std::move(read);
  }
  auto listed = query.group_by ? list_groups(query, *sample, path) : list_processes(query, *sample, path);
  if (listed.more) source.keep(sample);
  return std::move(listed.reply);
}

}  // namespace

Plan plan_processes(const Request& request, const Context& context) {
  const auto query = std::make_shared<ProcessQuery>();
  if (auto wrong = parse_process_query(request, ProcessAsks::list, *query)) return {std::move(wrong), {}};
  if (query->cursor) query->over = {};
  return asking(context, query,
                [query, path = std::string(request.path)](ProcessSource& source, const SampleWish& wish) {
                  return listing(*query, path, source, wish);
                });
}

Plan plan_process_tree(const Request& request, const Context& context) {
  const auto query = std::make_shared<ProcessQuery>();
  if (auto wrong = parse_process_query(request, ProcessAsks::tree, *query)) return {std::move(wrong), {}};
  return asking(context, query, [query](ProcessSource& source, SampleWish wish) {
    if (query->root != 0) wish.freshness = {};  // an older sample may not have it yet
    const auto sample = source.sample(wish);
    if (!sample) return cannot_read(sample.error());
    return process_tree(*query, **sample);
  });
}

}  // namespace vitald::http
