#pragma once
// What is told of a process, each field described once: listings, items, groups and their parameters come from this.
#include "collectors/base/out.hpp"
#include "collectors/base/process_sample.hpp"
#include "collectors/base/table.hpp"

#include <bitset>
#include <optional>
#include <span>
#include <string_view>

namespace vitald::http {

struct ProcessView {
  const ProcessSample& sample;
  const ProcessRow& row;
  const ProcessMore* more;  // null: not asked for
  ProcessView(const ProcessSample& of, const ProcessRow& one)
      : sample(of),
        row(one),
        more(of.more.empty() ? nullptr : &of.more[static_cast<std::size_t>(&one - of.rows.data())]) {}
};

struct ProcessField {
  enum class Shown : std::uint8_t {
    usually,  // in listings, too
    alone,    // of a process that is asked for by its number
    asked     // only where it is named: it costs much
  };
  std::string_view name;   // "io.read_bytes_total": a member of an object
  std::string_view about;  // a phrase
  From from = From::stat;
  Shown shown = Shown::alone;
  bool is_private = false;  // for root, the daemon's user and group, those with a password, and the process's own user
  bool adds_up = false;     // over a group
  Value (*number)(const ProcessView&) = nullptr;
  std::optional<std::string_view> (*text)(const ProcessView&) = nullptr;  // none: not known
  void (*write)(Out&, const ProcessView&) = nullptr;                      // of what is neither
};

std::span<const ProcessField> process_fields();
using ProcessFieldSet = std::bitset<96>;

// Its place; the number of fields where there is none of that name.
std::size_t process_field(std::string_view name);

// Who asks.
struct Viewer {
  bool all = false;                // sees every private field
  std::uint32_t uid = unknown_id;  // sees those of its own processes
};
bool sees_private(const Viewer& viewer, const ProcessRow& row);

// What a pass must read so that this viewer can be shown these fields.
std::uint32_t wants_of(const ProcessFieldSet& fields, const Viewer& viewer);

// As an object; what this viewer may not see, or the kernel does not let us read, is listed in "withheld".
void write_process(Out& out, const ProcessFieldSet& fields, const ProcessView& view, const Viewer& viewer);
// The same without its closing brace.
void write_open_process(Out& out, const ProcessFieldSet& fields, const ProcessView& view, const Viewer& viewer);

// Members of nested objects, from dotted names that stand together: "a.b", "a.c" -> "a":{"b":…,"c":…}
class Members {
 public:
  explicit Members(Out& out) : out_(out) {}
  std::string_view begin(std::string_view name);  // writes up to the value; the name's last part
  void end();

 private:
  Out& out_;
  std::string_view open_, comma_;
};

std::string_view state_word(char letter);  // 'R' -> "running"
double rounded(double value);              // to three decimals

}  // namespace vitald::http
