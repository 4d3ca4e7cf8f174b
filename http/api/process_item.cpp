// /api/v1/processes/{pid} and its parts.
#include "collectors/base/scan.hpp"
#include "http/api/handlers.hpp"
#include "http/api/process_asking.hpp"
#include "http/api/process_listing.hpp"
#include "http/api/process_part_json.hpp"
#include "http/api/process_tree.hpp"
#include "http/encode/json.hpp"

namespace vitald::http {
namespace {

using ItemQuery = std::shared_ptr<ProcessQuery>;

// The process that is meant, or why not.
struct FoundProcess {
  std::shared_ptr<const ProcessSample> sample;
  const ProcessRow* row = nullptr;
  Reply why;
};

FoundProcess find_process(const ProcessQuery& query, int pid, ProcessSource& source, const SampleWish& wish) {
  FoundProcess found;
  const auto read = source.sample(wish);
  if (!read) return {{}, nullptr, cannot_read(read.error())};
  found.sample = *read;
  found.row = found.sample->find(pid);
  if (!found.row) return {{}, nullptr, problem(Status::not_found, "there is no such process")};
  if (query.start_ticks && *query.start_ticks != found.row->start_ticks)
    return {{}, nullptr, problem(Status::gone, "that process has ended: this number is another one's")};
  return found;
}

Reply item(const ProcessQuery& query, int pid, ProcessSource& source, SampleWish wish) {
  wish.only = pid;
  const auto found = find_process(query, pid, source, wish);
  if (!found.row) return found.why;
  Out out;
  out << "{\"data\":";
  write_process(out, query.fields, ProcessView(*found.sample, *found.row), query.viewer);
  write_meta(out, query, *found.sample, {1, 0, 1});
  return text(Status::ok, "application/json", std::string(out.view()));
}

// One part; parts of the class "private" are its own user's, too.
struct PartOf {
  std::string_view name;
  ProcessPart::Kind kind;
  bool is_private;
};
constexpr PartOf process_parts[] = {
    {"threads", ProcessPart::Kind::threads, false},        {"open-files", ProcessPart::Kind::open_files, true},
    {"connections", ProcessPart::Kind::connections, true}, {"memory-maps", ProcessPart::Kind::memory_maps, true},
    {"environment", ProcessPart::Kind::environment, true}, {"limits", ProcessPart::Kind::limits, false},
    {"cgroup", ProcessPart::Kind::cgroup, false},          {"namespaces", ProcessPart::Kind::namespaces, true},
};

Reply forbidden() {
  return problem(Status::forbidden,
                 "this is for root, the daemon's user, the group vitald and the process's own user, through the Unix "
                 "socket (curl --unix-socket), or for those with a password (--web.config.file)");
}

Reply part_of(const ProcessQuery& query, int pid, const PartOf& part, ProcessSource& source) {
  SampleWish wish;
  wish.only = pid;
  wish.wants = bit(From::status) | bit(From::owner);
  const auto found = find_process(query, pid, source, wish);
  if (!found.row) return found.why;
  if (part.is_private && !sees_private(query.viewer, *found.row)) return forbidden();
  const auto read = source.part(part.kind, pid, found.row->start_ticks);
  if (!read && state_of(read.error()) == State::absent) return problem(Status::not_found, "the process has ended");
  if (!read) return cannot_read(read.error());
  Out out;
  out << "{\"data\":";
  write_part(out, part.kind, *read);
  out << ",\"meta\":{\"pid\":";
  out.number(pid);
  out << ",\"start_ticks\":";
  out.number(found.row->start_ticks);
  out << ",\"total\":";
  out.number(size_of_part(part.kind, *read));
  out << ",\"complete\":" << (read->complete ? "true" : "false") << ",\"sampled_at_seconds\":";
  encode::json_number(out, rounded(read->sampled_at_seconds));
  out << "}}\n";
  return text(Status::ok, "application/json", std::string(out.view()));
}

std::string_view last_part(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// The query and the number in the path; or a refusal.
Plan read_request(const Request& request, ProcessAsks kind, ItemQuery& query, int& pid) {
  query = std::make_shared<ProcessQuery>();
  if (!scan::number(request.tail, pid) || pid <= 0)
    return refuse(problem(Status::not_found, "processes go by their numbers: /api/v1/processes/1"));
  return {parse_process_query(request, kind, *query), {}};
}

using Choose = std::vector<const ProcessRow*> (*)(const ProcessQuery&, const ProcessSample&, const ProcessRow&);

Plan plan_relatives(const Request& request, const Context& context, ProcessAsks kind, Choose choose) {
  ItemQuery query;
  int pid = 0;
  if (auto plan = read_request(request, kind, query, pid); plan.refusal) return plan;
  return asking(context, query, [query, pid, choose](ProcessSource& source, SampleWish wish) {
    wish.freshness = {};  // an older sample may not have it yet
    const auto found = find_process(*query, pid, source, wish);
    return found.row ? all_of(choose(*query, *found.sample, *found.row), *query, *found.sample) : found.why;
  });
}

}  // namespace

Plan plan_process(const Request& request, const Context& context) {
  ItemQuery query;
  int pid = 0;
  if (auto plan = read_request(request, ProcessAsks::item, query, pid); plan.refusal) return plan;
  return asking(context, query, [query, pid](ProcessSource& source, const SampleWish& wish) {
    return item(*query, pid, source, wish);
  });
}

Plan plan_process_part(const Request& request, const Context& context) {
  ItemQuery query;
  int pid = 0;
  if (auto plan = read_request(request, ProcessAsks::part, query, pid); plan.refusal) return plan;
  for (const auto& part : process_parts)
    if (part.name == last_part(request.path))
      return asking(
          context, query,
          [query, pid, &part](ProcessSource& source, const SampleWish&) { return part_of(*query, pid, part, source); },
          Processes::Desk::parts);
  return refuse(problem(Status::not_found, "there is no such part"));
}

Plan plan_process_children(const Request& request, const Context& context) {
  return plan_relatives(request, context, ProcessAsks::children,
                        [](const ProcessQuery& query, const ProcessSample& sample, const ProcessRow& row) {
                          return children_of(sample, row, query.recursive);
                        });
}

Plan plan_process_parents(const Request& request, const Context& context) {
  return plan_relatives(
      request, context, ProcessAsks::parents,
      [](const ProcessQuery&, const ProcessSample& sample, const ProcessRow& row) { return parents_of(sample, row); });
}

}  // namespace vitald::http
