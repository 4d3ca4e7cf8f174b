#include "http/api/process_fields.hpp"

#include "collectors/base/scan.hpp"
#include "http/encode/json.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace vitald::http {
namespace {

using Of = const ProcessView&;
using Shown = ProcessField::Shown;
constexpr auto usually = Shown::usually, alone = Shown::alone, asked = Shown::asked;

Value if_known(std::uint64_t number) { return number == not_known ? Value() : Value(number); }
Value if_known_id(std::uint32_t number) { return number == unknown_id ? Value() : Value(number); }
Value rate(float number) { return number < 0 ? Value() : Value(rounded(static_cast<double>(number))); }
Value seconds(Of of, std::uint64_t ticks) {
  return static_cast<double>(ticks) / static_cast<double>(of.sample.ticks_per_second);
}
std::optional<std::string_view> some(Of of, ProcessRow::Piece piece) {
  return piece.size == 0 ? std::nullopt : std::optional(of.sample.text(piece));
}

template <auto Member>
Value row_number(Of of) {
  return of.row.*Member;
}
template <auto Member>
Value row_known(Of of) {
  return if_known(of.row.*Member);
}
template <auto Member>
Value row_rate(Of of) {
  return rate(of.row.*Member);
}
template <auto Member>
Value row_seconds(Of of) {
  return seconds(of, of.row.*Member);
}
template <auto Member, std::size_t Place>
Value row_id(Of of) {
  return if_known_id((of.row.*Member)[Place]);
}
template <auto Member>
Value more_known(Of of) {
  return of.more ? if_known(of.more->*Member) : Value();
}

Value create_time(Of of) {
  return rounded(static_cast<double>(of.sample.boot_seconds) +
                 static_cast<double>(of.row.start_ticks) / static_cast<double>(of.sample.ticks_per_second));
}
Value memory_percent(Of of) {
  if (of.sample.memory_bytes == 0) return {};
  return rounded(100 * static_cast<double>(of.row.resident_bytes) / static_cast<double>(of.sample.memory_bytes));
}

std::optional<std::string_view> user_name(Of of) {
  const auto found = of.sample.users.find(of.row.users[0]);
  return found == of.sample.users.end() ? std::nullopt : std::optional<std::string_view>(found->second);
}

// Programs that write over their arguments leave one text, without NULs.
void write_command(Out& out, Of of) {
  auto rest = of.sample.text(of.row.command);
  std::string_view comma;
  out << '[';
  while (!rest.empty()) encode::quoted(out << std::exchange(comma, ","), scan::take_until(rest, '\0'));
  out << ']';
}

// "0-3,8" -> 0,1,2,3,8
void write_processors(Out& out, Of of) {
  constexpr unsigned most = 65'536;
  auto rest = of.more ? of.sample.text(of.more->processors) : std::string_view{};
  std::string_view comma;
  out << '[';
  while (!rest.empty()) {
    auto range = scan::take_until(rest, ',');
    unsigned from = 0, to = 0;
    if (!scan::number(scan::take_until(range, '-'), from) || from >= most) break;
    if (range.empty() || !scan::number(range, to)) to = from;
    for (to = std::min(to, most); from <= to; ++from) (out << std::exchange(comma, ",")).number(from);
  }
  out << ']';
}

void write_flag(Out& out, bool on) { out << (on ? "true" : "false"); }

std::optional<std::string_view> terminal(Of of) { return some(of, of.row.terminal); }

constexpr std::string_view io_classes[] = {"none", "realtime", "best-effort", "idle"};

using R = ProcessRow;
using M = ProcessMore;

// Those of one object stand together.
constexpr ProcessField process_table[] = {
    {"pid", "its number", From::stat, usually, false, false, row_number<&R::pid>},
    {"start_ticks", "when it was started, since the boot: with the number it tells processes apart", From::stat,
     usually, false, false, row_number<&R::start_ticks>},
    {"ppid", "its parent's number", From::stat, usually, false, false, row_number<&R::parent>},
    {.name = "name",
     .about = "as the kernel has it: 15 bytes at most, but for the kernel's own",
     .shown = usually,
     .text = [](Of of) { return std::optional(of.sample.text(of.row.name)); }},
    {.name = "state",
     .about = "its main thread's: running, sleeping, disk-sleep, stopped, tracing-stop, zombie, idle and the like",
     .shown = usually,
     .text = [](Of of) { return std::optional(state_word(of.row.state)); }},
    {.name = "user",
     .about = "the name of the real user, else the number",
     .from = From::status,
     .shown = usually,
     .text = user_name},
    {"uids.real", "", From::status, usually, false, false, row_id<&R::users, 0>},
    {"uids.effective", "", From::status, usually, false, false, row_id<&R::users, 1>},
    {"uids.saved", "", From::status, usually, false, false, row_id<&R::users, 2>},
    {"gids.real", "", From::status, alone, false, false, row_id<&R::groups, 0>},
    {"gids.effective", "", From::status, alone, false, false, row_id<&R::groups, 1>},
    {"gids.saved", "", From::status, alone, false, false, row_id<&R::groups, 2>},
    {"create_time_seconds", "Unix time, to 10 ms", From::stat, usually, false, false, create_time},
    {.name = "terminal", .about = "such as /dev/pts/3", .text = terminal},
    {"process_group", "", From::stat, alone, false, false, row_number<&R::process_group>},
    {"session", "", From::stat, alone, false, false, row_number<&R::session>},
    {"nice", "-20 to 19", From::stat, alone, false, false, row_number<&R::nice>},
    {"priority", "as the kernel counts", From::stat, alone, false, false, row_number<&R::priority>},
    {"realtime_priority", "0: none", From::stat, alone, false, false, row_number<&R::realtime_priority>},
    {.name = "ionice.class",
     .about = "none, realtime, best-effort or idle",
     .from = From::priority,
     .text =
         [](Of of) {
           const auto at = of.more ? of.more->io_class : -1;
           return at < 0 || at > 3 ? std::nullopt : std::optional(io_classes[at]);
         }},
    {.name = "ionice.level",
     .about = "0 to 7",
     .from = From::priority,
     .number = [](Of of) { return of.more && of.more->io_level >= 0 ? Value(of.more->io_level) : Value(); }},
    {"num_threads", "", From::stat, usually, false, true, row_number<&R::threads>},
    {.name = "num_fds",
     .about = "open descriptors",
     .from = From::descriptors,
     .shown = usually,
     .adds_up = true,
     .number = [](Of of) { return if_known_id(of.row.descriptors); }},
    {"cpu_percent", "100 is one processor, over the interval; null for the first", From::stat, usually, false, true,
     row_rate<&R::cpu_percent>},
    {"cpu_num", "the processor it last ran on", From::stat, alone, false, false, row_number<&R::processor>},
    {.name = "cpu_affinity", .about = "processors that it may run on", .from = From::memory, .write = write_processors},
    {"cpu_times.user_seconds_total", "", From::stat, usually, false, true, row_seconds<&R::user_ticks>},
    {"cpu_times.system_seconds_total", "", From::stat, usually, false, true, row_seconds<&R::system_ticks>},
    {"cpu_times.children_user_seconds_total", "of children that ended and were waited for", From::stat, alone, false,
     true, row_seconds<&R::children_user_ticks>},
    {"cpu_times.children_system_seconds_total", "the same", From::stat, alone, false, true,
     row_seconds<&R::children_system_ticks>},
    {"memory_percent", "resident memory, of all that there is", From::stat, usually, false, true, memory_percent},
    {"memory.rss_bytes", "resident", From::stat, usually, false, true, row_number<&R::resident_bytes>},
    {"memory.vms_bytes", "virtual", From::stat, usually, false, true, row_number<&R::virtual_bytes>},
    {"memory.shared_bytes", "resident, of files and shared memory", From::statm, alone, false, false,
     more_known<&M::shared>},
    {"memory.text_bytes", "", From::statm, alone, false, false, more_known<&M::text>},
    {"memory.data_bytes", "data and stack", From::statm, alone, false, false, more_known<&M::data>},
    {"memory.peak_rss_bytes", "", From::memory, alone, false, false, more_known<&M::peak_resident>},
    {"memory.peak_vms_bytes", "", From::memory, alone, false, false, more_known<&M::peak_virtual>},
    {"memory.rss_anon_bytes", "", From::memory, alone, false, true, more_known<&M::anonymous>},
    {"memory.rss_file_bytes", "", From::memory, alone, false, true, more_known<&M::file>},
    {"memory.rss_shmem_bytes", "", From::memory, alone, false, true, more_known<&M::shmem>},
    {"memory.swap_bytes", "", From::memory, alone, false, true, more_known<&M::swap>},
    {"memory.hugetlb_bytes", "", From::memory, alone, false, true, more_known<&M::hugetlb>},
    {"memory.uss_bytes", "what would be free if it ended", From::smaps, asked, false, true, more_known<&M::unique>},
    {"memory.pss_bytes", "its share of what is shared, too", From::smaps, asked, false, true,
     more_known<&M::proportional>},
    {"memory.swap_pss_bytes", "the same of swap", From::smaps, asked, false, true, more_known<&M::proportional_swap>},
    {"page_faults.minor_total", "", From::stat, alone, false, true, row_number<&R::minor_faults>},
    {"page_faults.major_total", "", From::stat, alone, false, true, row_number<&R::major_faults>},
    {"context_switches.voluntary_total", "of all threads that live", From::switches, alone, false, true,
     row_known<&R::voluntary>},
    {"context_switches.involuntary_total", "the same", From::switches, alone, false, true, row_known<&R::involuntary>},
    {"io.read_bytes_total", "from storage", From::io, usually, true, true, row_known<&R::read_bytes>},
    {"io.write_bytes_total", "to storage", From::io, usually, true, true, row_known<&R::write_bytes>},
    {"io.cancelled_write_bytes_total", "of these, what was deleted before it got there", From::io, alone, true, true,
     row_known<&R::cancelled_write_bytes>},
    {"io.read_bytes_per_second", "over the interval", From::io, usually, true, true, row_rate<&R::read_per_second>},
    {"io.write_bytes_per_second", "the same", From::io, usually, true, true, row_rate<&R::write_per_second>},
    {"io.read_chars_total", "by system calls, bytes", From::io, alone, true, true, row_known<&R::read_chars>},
    {"io.write_chars_total", "the same", From::io, alone, true, true, row_known<&R::write_chars>},
    {"io.read_count_total", "system calls", From::io, alone, true, true, row_known<&R::reads>},
    {"io.write_count_total", "the same", From::io, alone, true, true, row_known<&R::writes>},
    {.name = "cmdline",
     .about = "its arguments, with secrets masked",
     .from = From::command,
     .shown = usually,
     .is_private = true,
     .write = write_command},
    {.name = "cmdline_cut",
     .about = "whether there are more than are shown",
     .from = From::command,
     .is_private = true,
     .write = [](Out& out, Of of) { write_flag(out, of.row.command_cut); }},
    {.name = "exe",
     .about = "its program; null for the kernel's own",
     .from = From::exe,
     .is_private = true,
     .text = [](Of of) { return some(of, of.row.exe); }},
    {.name = "exe_deleted",
     .about = "whether that file is gone or replaced",
     .from = From::exe,
     .is_private = true,
     .write = [](Out& out, Of of) { write_flag(out, of.row.exe_deleted); }},
    {.name = "cwd",
     .about = "its folder",
     .from = From::cwd,
     .is_private = true,
     .text = [](Of of) { return some(of, of.row.cwd); }},
    {.name = "cgroup",
     .about = "its path in cgroup 2, else in the first hierarchy",
     .from = From::cgroup,
     .text = [](Of of) { return some(of, of.row.cgroup); }},
    {.name = "oom_score",
     .about = "",
     .from = From::oom,
     .number = [](Of of) { return of.more ? if_known_id(of.more->oom_score) : Value(); }},
    {.name = "oom_score_adj",
     .about = "-1000 to 1000",
     .from = From::oom,
     .number =
         [](Of of) {
           return of.more && of.more->oom_score_adj != INT16_MIN ? Value(of.more->oom_score_adj) : Value();
         }},
};
static_assert(std::size(process_table) <= ProcessFieldSet().size());

}  // namespace

std::span<const ProcessField> process_fields() { return process_table; }

std::size_t process_field(std::string_view name) {
  return static_cast<std::size_t>(std::ranges::find(process_table, name, &ProcessField::name) -
                                  std::begin(process_table));
}

double rounded(double value) { return std::round(value * 1000) / 1000; }

std::string_view state_word(char letter) {
  switch (letter) {
    case 'R': return "running";
    case 'S': return "sleeping";
    case 'D': return "disk-sleep";
    case 'T': return "stopped";
    case 't': return "tracing-stop";
    case 'Z': return "zombie";
    case 'X':
    case 'x': return "dead";
    case 'K': return "wake-kill";
    case 'W': return "waking";
    case 'I': return "idle";
    case 'P': return "parked";
    default: return "unknown";
  }
}

// Its own, if the kernel would show them, too: not of a program that has been given more rights, or hides them.
bool sees_private(const Viewer& viewer, const ProcessRow& row) {
  if (viewer.all) return true;
  if (viewer.uid == unknown_id || row.owner != viewer.uid) return false;
  return std::ranges::all_of(row.users, [&](auto user) { return user == viewer.uid; });
}

std::uint32_t wants_of(const ProcessFieldSet& set, const Viewer& viewer) {
  std::uint32_t wants = 0;
  bool any_private = false;
  for (std::size_t i = 0; i < std::size(process_table); ++i) {
    if (!set[i] || (process_table[i].is_private && !viewer.all && viewer.uid == unknown_id)) continue;
    wants |= bit(process_table[i].from);
    any_private |= process_table[i].is_private;
  }
  if (any_private && !viewer.all) wants |= bit(From::owner) | bit(From::status);
  return wants;
}

}  // namespace vitald::http
