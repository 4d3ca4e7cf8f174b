#include "http/api/process_listing.hpp"

#include "http/encode/json.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace vitald::http {
namespace {

double real_of(const Value& value) {
  if (value.kind == Value::Kind::natural) return static_cast<double>(value.natural);
  return value.kind == Value::Kind::integer ? static_cast<double>(value.integer) : value.real;
}

// What may not be seen is not known here, so that no order and no filter tells of it.
Value number_of(const ProcessField& field, const ProcessView& view, const Viewer& viewer) {
  if (!field.number || (field.is_private && !sees_private(viewer, view.row))) return {};
  return field.number(view);
}
std::optional<std::string_view> text_of(const ProcessField& field, const ProcessView& view, const Viewer& viewer) {
  if (!field.text || (field.is_private && !sees_private(viewer, view.row))) return {};
  return field.text(view);
}

template <class All, class One>
bool holds(const All& all, const One& one) {
  return all.empty() || std::ranges::find(all, one) != all.end();
}

bool is_user(const ProcessQuery& query, const ProcessView& view) {
  if (query.users.empty()) return true;
  const auto user = view.row.users[0];
  const auto name = view.sample.users.find(user);
  return holds(query.users, std::to_string(user)) ||
         (name != view.sample.users.end() && holds(query.users, name->second));
}

// That one, or one below it.
bool is_in_cgroup(const ProcessQuery& query, std::string_view path) {
  if (query.cgroups.empty()) return true;
  return std::ranges::any_of(query.cgroups, [&](std::string_view wanted) {
    if (!path.starts_with(wanted)) return false;
    return path.size() == wanted.size() || wanted.ends_with('/') || path[wanted.size()] == '/';
  });
}

bool is_chosen(const ProcessQuery& query, const ProcessView& view) {
  const auto& row = view.row;
  const auto name = view.sample.text(row.name);
  if (!holds(query.pids, row.pid) || !holds(query.parents, row.parent) || !holds(query.names, name)) return false;
  if (!holds(query.states, state_word(row.state)) || !is_user(query, view)) return false;
  if (!is_in_cgroup(query, view.sample.text(row.cgroup))) return false;
  for (const auto& bound : query.bounds) {
    const auto value = number_of(process_fields()[bound.field], view, query.viewer);
    if (value.kind == Value::Kind::absent) return false;
    if (bound.least ? real_of(value) < bound.value : real_of(value) > bound.value) return false;
  }
  Captures captures;
  return !query.name_like || query.name_like->find(name, captures);
}

// Below, above or beside; what is not known comes last, whichever way round.
int compare(const Value& one, const Value& other, bool down) {
  const bool no_one = one.kind == Value::Kind::absent, no_other = other.kind == Value::Kind::absent;
  if (no_one || no_other) return static_cast<int>(no_one) - static_cast<int>(no_other);
  const double a = real_of(one), b = real_of(other);
  return a == b ? 0 : (a < b) != down ? -1 : 1;
}
int compare(const std::optional<std::string_view>& one, const std::optional<std::string_view>& other, bool down) {
  if (!one || !other) return static_cast<int>(!one) - static_cast<int>(!other);
  const int order = one->compare(*other);
  return down ? -order : order;
}

void sort_rows(const ProcessQuery& query, const ProcessSample& sample, std::vector<const ProcessRow*>& rows) {
  if (query.sort.empty()) return;  // they are in the order of pids
  std::ranges::stable_sort(rows, [&](const ProcessRow* one, const ProcessRow* other) {
    const ProcessView a(sample, *one), b(sample, *other);
    for (const auto& sort : query.sort) {
      const auto& field = process_fields()[sort.field];
      const int order = field.number
                            ? compare(number_of(field, a, query.viewer), number_of(field, b, query.viewer), sort.down)
                            : compare(text_of(field, a, query.viewer), text_of(field, b, query.viewer), sort.down);
      if (order != 0) return order < 0;
    }
    return false;
  });
}

Value sum_of(const Value& one, const Value& other) {
  if (one.kind == Value::Kind::absent) return other;
  if (other.kind == Value::Kind::absent) return one;
  if (one.kind == Value::Kind::natural && other.kind == one.kind) return one.natural + other.natural;
  return real_of(one) + real_of(other);
}

struct GroupOf {
  std::optional<std::string> key;
  std::uint64_t processes = 0;
  std::vector<Value> sums;  // by field
};

std::vector<GroupOf> groups_of(const ProcessQuery& query, const ProcessSample& sample) {
  std::map<std::optional<std::string>, GroupOf> all;
  const auto fields = process_fields();
  for (const auto* row : chosen_rows(query, sample)) {
    const ProcessView view(sample, *row);
    const auto text = fields[*query.group_by].text(view);
    auto& group = all[text ? std::optional<std::string>(*text) : std::nullopt];
    group.sums.resize(fields.size());
    ++group.processes;
    for (std::size_t i = 0; i < fields.size(); ++i)
      if (fields[i].adds_up) group.sums[i] = sum_of(group.sums[i], number_of(fields[i], view, query.viewer));
  }
  std::vector<GroupOf> made;
  for (auto& [key, group] : all) {
    group.key = key;
    made.push_back(std::move(group));
  }
  return made;
}

int compare(const GroupOf& one, const GroupOf& other, const ProcessQuery::Sort& by) {
  if (by.field == ProcessQuery::key_of_group) {
    const auto text = [](const GroupOf& of) {
      return of.key ? std::optional<std::string_view>(*of.key) : std::nullopt;
    };
    return compare(text(one), text(other), by.down);
  }
  if (by.field == ProcessQuery::count_of_group) return compare(Value(one.processes), Value(other.processes), by.down);
  return compare(one.sums[by.field], other.sums[by.field], by.down);
}

void write_group(Out& out, const GroupOf& group, const ProcessQuery& query) {
  const auto fields = process_fields();
  Members members(out);
  out << '{';
  members.begin(fields[*query.group_by].name);
  if (group.key)
    encode::quoted(out, *group.key);
  else
    out << "null";
  members.begin("processes");
  out.number(group.processes);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!query.fields[i]) continue;
    members.begin(fields[i].name);
    const auto& sum = group.sums[i];
    encode::json_number(out, sum.kind == Value::Kind::real ? Value(rounded(sum.real)) : sum);
  }
  members.end();
  out << '}';
}

// `write` is given the places of those on the page.
template <class Write>
Listed page_of(const ProcessQuery& query, const ProcessSample& sample, std::string_view path, std::size_t total,
               Write&& write) {
  PageOf page;
  page.total = total;
  page.from = query.cursor ? std::min<std::size_t>(query.cursor->offset, total) : 0;
  page.returned = query.limit == 0 ? total - page.from : std::min(query.limit, total - page.from);
  Out out;
  out << "{\"data\":[";
  std::string_view comma;
  for (std::size_t i = page.from; i < page.from + page.returned; ++i) {
    out << std::exchange(comma, ",");
    write(out, i);
  }
  out << ']';
  const auto next = write_meta(out, query, sample, page);
  Listed made{text(Status::ok, "application/json", std::string(out.view())), !next.empty()};
  if (!next.empty())
    made.reply.fields.append("Link: <")
        .append(path)
        .append("?")
        .append(query.rest)
        .append(query.rest.empty() ? "" : "&")
        .append("cursor=")
        .append(next)
        .append(">; rel=\"next\"\r\n");
  return made;
}

}  // namespace

std::vector<const ProcessRow*> chosen_rows(const ProcessQuery& query, const ProcessSample& sample) {
  std::vector<const ProcessRow*> rows;
  for (const auto& row : sample.rows)
    if (is_chosen(query, ProcessView(sample, row))) rows.push_back(&row);
  return rows;
}

Listed list_processes(const ProcessQuery& query, const ProcessSample& sample, std::string_view path) {
  auto rows = chosen_rows(query, sample);
  sort_rows(query, sample, rows);
  return page_of(query, sample, path, rows.size(), [&](Out& out, std::size_t i) {
    write_process(out, query.fields, ProcessView(sample, *rows[i]), query.viewer);
  });
}

Listed list_groups(const ProcessQuery& query, const ProcessSample& sample, std::string_view path) {
  auto groups = groups_of(query, sample);
  std::ranges::stable_sort(groups, [&](const GroupOf& one, const GroupOf& other) {
    for (const auto& sort : query.sort)
      if (const int order = compare(one, other, sort); order != 0) return order < 0;
    return false;
  });
  return page_of(query, sample, path, groups.size(),
                 [&](Out& out, std::size_t i) { write_group(out, groups[i], query); });
}

Reply all_of(const std::vector<const ProcessRow*>& rows, const ProcessQuery& query, const ProcessSample& sample) {
  auto whole = query;
  whole.limit = 0;
  return page_of(whole, sample, {}, rows.size(),
                 [&](Out& out, std::size_t i) {
                   write_process(out, query.fields, ProcessView(sample, *rows[i]), query.viewer);
                 })
      .reply;
}

std::string write_meta(Out& out, const ProcessQuery& query, const ProcessSample& sample, const PageOf& page) {
  out << ",\"meta\":{\"total\":";
  out.number(page.total);
  out << ",\"returned\":";
  out.number(page.returned);
  std::string next;
  const auto end = page.from + page.returned;
  if (end < page.total) next = std::to_string(sample.id) + "." + std::to_string(end) + "." + std::to_string(query.hash);
  out << ",\"next\":";
  if (next.empty())
    out << "null";
  else
    encode::quoted(out, next);
  out << ",\"sampled_at_seconds\":";
  encode::json_number(out, rounded(sample.sampled_at_seconds));
  out << ",\"interval_seconds\":";
  encode::json_number(out, sample.interval_seconds > 0 ? Value(rounded(sample.interval_seconds)) : Value());
  out << ",\"unread\":";
  out.number(sample.unread);
  out << ",\"complete\":" << (sample.complete ? "true" : "false") << "}}\n";
  return next;
}

}  // namespace vitald::http
