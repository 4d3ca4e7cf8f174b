// Which operating system runs here, from /etc/os-release.
#include "collectors/kernel/os.hpp"

#include "collectors/base/collector.hpp"
#include "collectors/base/kernel_file.hpp"
#include "collectors/base/quoted.hpp"
#include "collectors/base/scan.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>

namespace vitald::kernel {
namespace {

constexpr bool digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool letter(char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_name(std::string_view text) {
  return !text.empty() && letter(text.front()) && std::ranges::all_of(text, [](char c) {
    return letter(c) || digit(c) || c == '.' || c == '/';  // the peer takes these two as well
  });
}

struct Known {
  std::string_view name;
  Text Release::*member;
};
constexpr Known known[] = {
    {"BUILD_ID", &Release::build_id},
    {"ID", &Release::id},
    {"ID_LIKE", &Release::id_like},
    {"IMAGE_ID", &Release::image_id},
    {"IMAGE_VERSION", &Release::image_version},
    {"NAME", &Release::name},
    {"PRETTY_NAME", &Release::pretty_name},
    {"VARIANT", &Release::variant},
    {"VARIANT_ID", &Release::variant_id},
    {"VERSION", &Release::version},
    {"VERSION_CODENAME", &Release::version_codename},
    {"VERSION_ID", &Release::version_id},
};

// "22.04.1" is 22.04, "12" is 12, "0" and "rolling" are none.
std::optional<double> leading_number(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && digit(text[end])) ++end;
  if (end + 1 < text.size() && text[end] == '.' && digit(text[end + 1]) && end > 0)
    for (++end; end < text.size() && digit(text[end]);) ++end;
  double number = 0;
  if (!scan::number(text.substr(0, end), number) || number <= 0) return std::nullopt;
  return number;
}

// "2027-04-30", midnight in UTC
std::optional<std::int64_t> seconds_of_date(std::string_view text) {
  int year = 0;
  unsigned month = 0, day = 0;
  if (text.size() != 10 || text[4] != '-' || text[7] != '-' || !scan::number(text.substr(0, 4), year) ||
      !scan::number(text.substr(5, 2), month) || !scan::number(text.substr(8), day) || year < 0)
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_seconds(std::chrono::sys_days(date)).time_since_epoch().count();
}

}  // namespace

// ---- parse: text -> rows

Result<void> parse_os_release(std::string_view text, Release& out) {
  if (text.empty()) return Fault{Parse::empty, "os-release"};
  Text value;
  for (std::size_t line = 1; !text.empty(); ++line) {
    auto rest = trimmed(scan::take_line(text));
    if (!printable(rest)) return Fault{Parse::unknown_layout, "os-release", line};
    if (rest.empty() || rest.front() == '#') continue;
    const auto length = rest.size();
    auto name = scan::take_until(rest, '=');
    if (name.size() == length) return Fault{Parse::truncated, "os-release", line};
    if (name.starts_with("export ")) name.remove_prefix(7);
    name = trimmed(name);
    if (!is_name(name) || !unquoted(rest, value)) return Fault{Parse::unknown_layout, "os-release", line};
    for (const auto& each : known)
      if (each.name == name) out.*each.member = value;
    if (name == "SUPPORT_END") out.support_end = seconds_of_date(value);
  }
  out.version_number = leading_number(out.version_id);
  return {};
}

// ---- describe: rows -> families, JSON, handbook

namespace {

constexpr Key keys[] = {key<&Release::build_id>("build_id"),
                        key<&Release::id>("id"),
                        key<&Release::id_like>("id_like"),
                        key<&Release::image_id>("image_id"),
                        key<&Release::image_version>("image_version"),
                        key<&Release::name>("name"),
                        key<&Release::pretty_name>("pretty_name"),
                        key<&Release::variant>("variant"),
                        key<&Release::variant_id>("variant_id"),
                        key<&Release::version>("version"),
                        key<&Release::version_codename>("version_codename"),
                        key<&Release::version_id>("version_id")};
constexpr Key short_keys[] = {key<&Release::id>("id"), key<&Release::id_like>("id_like"), key<&Release::name>("name")};
constexpr Column columns[] = {
    info("os_info", "The operating system, as it names itself."),
    with_keys(gauge<&Release::support_end>("os_support_end_timestamp_seconds", "When support for this system ends."),
              {}),
    with_keys(
        gauge<&Release::version_number>("os_version", "Major and minor version of the system.", {}, "version_number"),
        short_keys),
};
constinit const Table<Release> table{{"os", "/etc/os-release", keys, columns}};

// ---- read: file -> text

// A user's file, on a disk: it is read again only when it is another one than last time.
class Os final : public Collector {
 public:
  explicit Os(const Environment& environment)
      : etc_(below(environment.roots.rootfs, "/etc/os-release")),
        usr_(below(environment.roots.rootfs, "/usr/lib/os-release")) {}

  Result<void> collect(Page& page) override {
    struct stat now {};
    auto* file = &etc_;
    if (::stat(file->path().c_str(), &now) != 0) {
      if (errno != ENOENT && errno != ENOTDIR) return system_fault(file->path());
      file = &usr_;
      if (::stat(file->path().c_str(), &now) != 0) return system_fault(file->path());
    }
    if (last_file_ != file || !same(now, last_)) {
      last_file_ = nullptr;
      const auto text = file->read();
      if (!text) return text.error();
      release_ = Release{};
      if (const auto done = parse_os_release(*text, release_); !done) return done;
      last_file_ = file;
      last_ = now;
    }
    page.sheet(table).next() = release_;
    return {};
  }

 private:
  static KernelFile below(std::string_view root, std::string_view path) {
    while (root.ends_with('/')) root.remove_suffix(1);
    return KernelFile(std::string(root).append(path));
  }
  static bool same(const struct stat& a, const struct stat& b) {
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino && a.st_size == b.st_size &&
           a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
  }

  KernelFile etc_, usr_;
  const KernelFile* last_file_ = nullptr;
  struct stat last_ {};
  Release release_;
};

constexpr const Layout* layouts[] = {&table};

}  // namespace

extern constinit const Entry os;
constinit const Entry os{"os", "Name and version of the operating system.", true, Entry::Runs::fast, make<Os>, layouts};

}  // namespace vitald::kernel
