#include "http/api/process_part_json.hpp"

#include "collectors/base/utf8.hpp"
#include "http/api/process_fields.hpp"
#include "http/encode/base64.hpp"
#include "http/encode/json.hpp"

#include <utility>

#include <fcntl.h>

namespace vitald::http {
namespace {

using Part = ProcessPart;

// One flat object.
class Object {
 public:
  explicit Object(Out& out) : out_(out) { out_ << '{'; }
  ~Object() { out_ << '}'; }
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;

  Object& text(std::string_view name, std::string_view value) {
    encode::quoted(key(name), value);
    if (!utf8::all_valid(value)) key(std::string(name) + "_b64") << '"' << encode::base64(value) << '"';
    return *this;
  }
  Object& some(std::string_view name, std::string_view value) {
    if (!value.empty()) return text(name, value);
    key(name) << "null";
    return *this;
  }
  Object& number(std::string_view name, const Value& value) {
    encode::json_number(key(name), value);
    return *this;
  }
  Object& flag(std::string_view name, bool on) {
    key(name) << (on ? "true" : "false");
    return *this;
  }

 private:
  Out& key(std::string_view name) {
    encode::quoted(out_ << std::exchange(comma_, ","), name);
    return out_ << ':';
  }
  Out& out_;
  std::string_view comma_;
};

void write(Out& out, const Part::Thread& of, const Part& part) {
  const auto seconds = [&](std::uint64_t ticks) {
    return static_cast<double>(ticks) / static_cast<double>(part.ticks_per_second);
  };
  Object(out)
      .number("id", of.id)
      .text("name", of.name)
      .text("state", state_word(of.state))
      .number("start_ticks", of.start_ticks)
      .number("create_time_seconds", rounded(static_cast<double>(part.boot_seconds) + seconds(of.start_ticks)))
      .number("cpu_num", of.processor)
      .number("user_seconds_total", seconds(of.user_ticks))
      .number("system_seconds_total", seconds(of.system_ticks))
      .number("voluntary_context_switches_total", of.voluntary)
      .number("involuntary_context_switches_total", of.involuntary);
}

// As open(2) was asked.
std::string_view mode_of(std::uint64_t flags) {
  const bool appends = (flags & O_APPEND) != 0;
  switch (flags & O_ACCMODE) {
    case O_RDONLY: return "r";
    case O_WRONLY: return appends ? "a" : "w";
    default: return appends ? "a+" : "r+";
  }
}

void write(Out& out, const Part::OpenFile& of, const Part&) {
  Object(out)
      .number("fd", of.number)
      .text("target", of.target)
      .flag("regular", of.regular)
      .number("position", of.position)
      .some("mode", of.flags ? mode_of(*of.flags) : std::string_view{})
      .number("flags", of.flags);
}

void write(Out& out, const Part::Connection& of, const Part&) {
  Object(out)
      .number("fd", of.number)
      .text("family", of.family)
      .some("type", of.type)
      .some("local_address", of.local)
      .number("local_port", of.local_port)
      .some("remote_address", of.remote)
      .number("remote_port", of.remote_port)
      .some("state", of.state)
      .number("inode", of.inode);
}

void write(Out& out, const Part::Map& of, const Part&) {
  Object(out)
      .text("path", of.path)
      .number("maps", of.maps)
      .number("size_bytes", of.size)
      .number("rss_bytes", of.resident)
      .number("pss_bytes", of.proportional)
      .number("shared_clean_bytes", of.shared_clean)
      .number("shared_dirty_bytes", of.shared_dirty)
      .number("private_clean_bytes", of.private_clean)
      .number("private_dirty_bytes", of.private_dirty)
      .number("referenced_bytes", of.referenced)
      .number("anonymous_bytes", of.anonymous)
      .number("swap_bytes", of.swap);
}

void write(Out& out, const Part::Variable& of, const Part&) {
  Object(out).text("name", of.name).text("value", of.value);
}

void write(Out& out, const Part::Limit& of, const Part&) {
  Object(out).text("name", of.name).number("soft", of.soft).number("hard", of.hard).some("unit", of.unit);
}

void write(Out& out, const Part::Cgroup& of, const Part&) {
  Object(out).number("hierarchy", of.hierarchy).text("controllers", of.controllers).text("path", of.path);
}

void write(Out& out, const Part::Namespace& of, const Part&) {
  Object(out).text("type", of.type).number("inode", of.inode);
}

// Calls with the rows of that kind.
template <class Call>
auto with_rows(Part::Kind kind, const Part& part, Call&& call) {
  switch (kind) {
    case Part::Kind::threads: return call(part.threads);
    case Part::Kind::open_files: return call(part.open_files);
    case Part::Kind::connections: return call(part.connections);
    case Part::Kind::memory_maps: return call(part.maps);
    case Part::Kind::environment: return call(part.variables);
    case Part::Kind::limits: return call(part.limits);
    case Part::Kind::cgroup: return call(part.cgroups);
    default: return call(part.namespaces);
  }
}

}  // namespace

void write_part(Out& out, Part::Kind kind, const Part& part) {
  out << '[';
  with_rows(kind, part, [&](const auto& rows) {
    std::string_view comma;
    for (const auto& row : rows) write(out << std::exchange(comma, ","), row, part);
  });
  out << ']';
}

std::size_t size_of_part(Part::Kind kind, const Part& part) {
  return with_rows(kind, part, [](const auto& rows) { return rows.size(); });
}

}  // namespace vitald::http
