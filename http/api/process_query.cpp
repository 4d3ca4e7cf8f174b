#include "http/api/process_query.hpp"

#include "collectors/base/duration.hpp"
#include "collectors/base/filter.hpp"
#include "collectors/base/scan.hpp"

#include <algorithm>
#include <functional>

namespace vitald::http {
namespace {

using namespace std::chrono_literals;
using RefusedReply = std::shared_ptr<const Reply>;
using FieldNames = std::vector<std::string_view>;

constexpr std::size_t most_limit = 1000, most_expression = 1000;
constexpr std::chrono::milliseconds longest_over = 10s, shortest_over = 100ms;
constexpr std::string_view process_states[] = {"running",      "sleeping", "disk-sleep", "stopped",
                                               "tracing-stop", "zombie",   "dead",       "wake-kill",
                                               "waking",       "idle",     "parked"};
constexpr std::string_view group_names[] = {"name", "user", "cgroup"};

RefusedReply refused_for(std::string_view detail, std::string_view parameter,
                         std::span<const std::string_view> allowed) {
  return std::make_shared<const Reply>(problem(Status::bad_request, detail, parameter, allowed));
}

FieldNames field_names(bool (*wanted)(const ProcessField&)) {
  FieldNames all;
  for (const auto& field : process_fields())
    if (wanted(field)) all.push_back(field.name);
  return all;
}
bool any_field(const ProcessField&) { return true; }
bool field_adds_up(const ProcessField& field) { return field.adds_up; }
bool has_number(const ProcessField& field) { return field.number != nullptr; }
bool can_sort(const ProcessField& field) { return field.number || field.text; }

FieldNames parameters_of(ProcessAsks kind) {
  switch (kind) {
    case ProcessAsks::list:
      return {"sort",   "limit", "cursor", "fields", "over",     "pid",       "ppid",     "name",
              "name~=", "user",  "state",  "cgroup", "group_by", "min.FIELD", "max.FIELD"};
    case ProcessAsks::item: return {"fields", "start_ticks", "over"};
    case ProcessAsks::part: return {"start_ticks"};
    case ProcessAsks::children: return {"fields", "start_ticks", "over", "recursive"};
    case ProcessAsks::parents: return {"fields", "start_ticks", "over"};
    case ProcessAsks::tree: return {"fields", "over", "root"};
  }
  return {};
}

// "a,b" by `take`; false at the first that it does not take.
template <class Take>
bool each_word(std::string_view texts, Take&& take) {
  while (!texts.empty())
    if (!take(scan::take_until(texts, ','))) return false;
  return true;
}

class QueryReading {
 public:
  QueryReading(ProcessAsks kind, ProcessQuery& out) : kind_(kind), out_(out) {}

  RefusedReply take(const std::string& name, const std::string& value) {
    const auto allowed = parameters_of(kind_);
    const bool bound = kind_ == ProcessAsks::list && (name.starts_with("min.") || name.starts_with("max."));
    if (!bound && std::ranges::find(allowed, name == "name~" ? "name~=" : std::string_view(name)) == allowed.end())
      return refused_for("there is no such parameter", name, allowed);
    if (bound) return take_bound(name, value);
    if (name == "fields") return take_fields(value);
    if (name == "sort" || name == "group_by") return {};  // when the others are known
    if (name == "name~") return take_expression(value);
    if (name == "state") return take_states(value);
    if (name == "over") return take_over(value);
    return take_plain(name, value);
  }

  RefusedReply take_group(const std::string& value) {
    const auto at = std::ranges::find(group_names, value);
    if (at == std::end(group_names)) return refused_for("processes are not grouped by that", "group_by", group_names);
    out_.group_by = process_field(value);
    return {};
  }

  RefusedReply take_sort(std::string_view value) {
    const bool groups = out_.group_by.has_value();
    const bool good = each_word(value, [&](std::string_view name) {
      ProcessQuery::Sort one;
      one.down = name.starts_with('-');
      if (one.down || name.starts_with('+')) name.remove_prefix(1);
      one.field = process_field(name);
      const auto all = process_fields();
      if (groups && name == "processes")
        one.field = ProcessQuery::count_of_group;
      else if (groups && one.field == *out_.group_by)
        one.field = ProcessQuery::key_of_group;
      else if (one.field == all.size() || (groups ? !all[one.field].adds_up : !can_sort(all[one.field])))
        return false;
      out_.sort.push_back(one);
      return out_.sort.size() <= 8;
    });
    if (good) return {};
    auto allowed = field_names(groups ? field_adds_up : can_sort);
    if (groups) allowed.insert(allowed.begin(), {process_fields()[*out_.group_by].name, "processes"});
    return refused_for("it is not sorted by that; a minus before a name turns the order round", "sort", allowed);
  }

 private:
  RefusedReply take_fields(std::string_view value) {
    const bool good = each_word(value, [&](std::string_view name) {
      bool found = false;
      const auto all = process_fields();
      for (std::size_t i = 0; i < all.size(); ++i) {  // "io" is all that is in it
        const auto field = all[i].name;
        if (field != name && !(field.starts_with(name) && field.substr(name.size()).starts_with('.'))) continue;
        out_.fields.set(i);
        found = true;
      }
      return found;
    });
    if (good && out_.fields.any()) return {};
    return refused_for("there is no such field", "fields", field_names(any_field));
  }

  RefusedReply take_bound(std::string_view name, std::string_view value) {
    ProcessQuery::Bound bound;
    bound.least = name.starts_with("min.");
    bound.field = process_field(name.substr(4));
    if (bound.field == process_fields().size() || !process_fields()[bound.field].number)
      return refused_for("there is no such field with a number", name, field_names(has_number));
    const bool negative = value.starts_with('-');
    if (negative) value.remove_prefix(1);
    if (!scan::number(value, bound.value)) return refused_for("that is no number", name, {});
    if (negative) bound.value = -bound.value;
    out_.bounds.push_back(bound);
    return {};
  }

  RefusedReply take_expression(std::string_view value) {
    auto why = value.size() > most_expression ? std::string("it is too long") : fault_of_expression(value);
    if (!why.empty()) return refused_for(why, "name~=", {});
    out_.name_like = std::make_shared<const Expression>(value);
    return {};
  }

  RefusedReply take_states(std::string_view value) {
    const bool good = each_word(value, [&](std::string_view state) {
      out_.states.emplace_back(state);
      return std::ranges::find(process_states, state) != std::end(process_states);
    });
    return good ? RefusedReply() : refused_for("there is no such state", "state", process_states);
  }

  // "1s", "1500ms", "1": the last in seconds.
  RefusedReply take_over(const std::string& value) {
    auto time = parse_duration(value);
    if (!time) time = parse_duration(value + "s");
    if (!time || *time < shortest_over || *time > longest_over)
      return refused_for("it is a time from 100ms to 10s", "over", {});
    out_.over = std::chrono::duration_cast<std::chrono::milliseconds>(*time);
    return {};
  }

  RefusedReply take_plain(std::string_view name, const std::string& value) {
    const auto texts = [&](std::vector<std::string>& to) { return to.push_back(value), true; };
    if (name == "name") return static_cast<void>(texts(out_.names)), RefusedReply();
    if (name == "user") return static_cast<void>(texts(out_.users)), RefusedReply();
    if (name == "cgroup") return static_cast<void>(texts(out_.cgroups)), RefusedReply();
    const auto numbers = [&](std::vector<int>& to) {
      return each_word(value,
                       [&](std::string_view word) { return scan::number(word, to.emplace_back()) && to.back() >= 0; });
    };
    bool good = true;
    if (name == "pid") good = numbers(out_.pids) && !out_.pids.empty();
    if (name == "ppid") good = numbers(out_.parents) && !out_.parents.empty();
    if (name == "root") good = scan::number(value, out_.root) && out_.root > 0;
    if (name == "start_ticks") good = scan::number(value, out_.start_ticks.emplace());
    if (name == "limit") good = scan::number(value, out_.limit) && out_.limit <= most_limit;
    if (name == "recursive") good = value == "true" || value == "false";
    if (name == "recursive") out_.recursive = value == "true";
    if (name == "cursor") good = take_cursor(value);
    return good ? RefusedReply() : refused_for("that is not how its values are written", name, {});
  }

  bool take_cursor(std::string_view value) {
    out_.cursor = ProcessQuery::Cursor();  // clang 14 knows no emplace() of a nested struct
    auto& cursor = *out_.cursor;
    return scan::number(scan::take_until(value, '.'), cursor.sample) &&
           scan::number(scan::take_until(value, '.'), cursor.offset) && scan::number(value, cursor.query);
  }

  ProcessAsks kind_;
  ProcessQuery& out_;
};

void choose_usual(ProcessAsks kind, ProcessQuery& out) {
  using Shown = ProcessField::Shown;
  const auto all = process_fields();
  const bool chosen = out.fields.any();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!chosen)
      out.fields.set(i, all[i].shown == Shown::usually || (kind == ProcessAsks::item && all[i].shown == Shown::alone));
    if (out.group_by && !all[i].adds_up) out.fields.reset(i);
  }
}

RefusedReply take_order(const Parameters& given, QueryReading& reading) {
  for (const auto& [name, value] : given)
    if (name == "group_by")
      if (auto wrong = reading.take_group(value)) return wrong;
  for (const auto& [name, value] : given)
    if (name == "sort")
      if (auto wrong = reading.take_sort(value)) return wrong;
  return {};
}

// What the next page is asked with, but for its cursor.
std::string without_cursor(std::string_view query) {
  std::string rest;
  while (!query.empty()) {
    const auto part = scan::take_until(query, '&');
    if (part.empty() || part.starts_with("cursor=")) continue;
    if (!rest.empty()) rest += '&';
    rest += part;
  }
  return rest;
}

}  // namespace

RefusedReply parse_process_query(const Request& request, ProcessAsks kind, ProcessQuery& out) {
  const auto given = parameters(request.query);
  if (!given) return refused_for("the query holds a broken percent escape", {}, {});
  QueryReading reading(kind, out);
  std::string all;
  for (const auto& [name, value] : *given) {
    if (auto wrong = reading.take(name, value)) return wrong;
    if (name != "limit" && name != "cursor") all.append(name).append("\n").append(value).append("\n");
  }
  if (auto wrong = take_order(*given, reading)) return wrong;
  choose_usual(kind, out);
  out.rest = without_cursor(request.query);
  out.viewer = {request.granted == Class::private_, request.uid};
  out.hash = std::hash<std::string>{}(all) >> 12;
  if (out.cursor && out.cursor->query != out.hash)
    return refused_for("the cursor is another listing's: ask with the parameters it came with", "cursor", {});
  return {};
}

std::uint32_t ProcessQuery::wants() const {
  auto all = fields;
  for (const auto& one : sort)
    if (one.field < all.size()) all.set(one.field);
  for (const auto& bound : bounds) all.set(bound.field);
  if (group_by) all.set(*group_by);
  if (!users.empty()) all.set(process_field("user"));
  if (!cgroups.empty()) all.set(process_field("cgroup"));
  return wants_of(all, viewer);
}

}  // namespace vitald::http
