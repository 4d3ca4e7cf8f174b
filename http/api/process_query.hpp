#pragma once
// What a request asks of the processes: its parameters, checked.
#include "collectors/base/expression.hpp"
#include "http/api/process_fields.hpp"
#include "http/router.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace vitald::http {

struct ProcessQuery {
  struct Sort {
    std::size_t field = 0;  // or a Special
    bool down = false;
  };
  struct Bound {
    std::size_t field = 0;
    double value = 0;
    bool least = true;
  };
  struct Cursor {
    std::uint64_t sample = 0, offset = 0, query = 0;
  };
  static constexpr std::size_t count_of_group = 1'000, key_of_group = 1'001;  // to sort groups by

  ProcessFieldSet fields;
  std::vector<Sort> sort;
  std::size_t limit = 100;  // 0: all
  std::optional<Cursor> cursor;
  std::vector<int> pids, parents;
  std::vector<std::string> names, users, states, cgroups;
  std::shared_ptr<const Expression> name_like;
  std::vector<Bound> bounds;
  std::optional<std::size_t> group_by;       // a field
  std::optional<std::uint64_t> start_ticks;  // of a process that is asked for by its number
  std::chrono::milliseconds over{0};
  bool recursive = false;
  int root = 0;

  std::uint64_t hash = 0;  // of all but limit and cursor
  std::string rest;        // of the query as it was sent, without its cursor
  Viewer viewer;

  std::uint32_t wants() const;
};

// Which of the parameters a resource takes.
enum class ProcessAsks : std::uint8_t { list, item, part, children, parents, tree };

// The query; or a refusal, and then it is not to be used.
std::shared_ptr<const Reply> parse_process_query(const Request& request, ProcessAsks kind, ProcessQuery& out);

}  // namespace vitald::http
