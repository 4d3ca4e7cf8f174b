// Single files and folders, by their paths: whether they are there, how large they are, and when they were written.
#include "collectors/base/collector.hpp"
#include "collectors/base/local_way.hpp"
#include "collectors/filesystem/errors.hpp"

#include <algorithm>
#include <cerrno>

namespace vitald::filesystem {
namespace {

// ---- describe: rows -> families, JSON, handbook

struct PathRow {
  Text path, reason;
  std::optional<std::uint64_t> exists, size, mode, is_mount;
  std::optional<double> modified;
  bool unknown = false;
};

constexpr Key path_key[] = {key<&PathRow::path>("path")};
constexpr Key reason_keys[] = {key<&PathRow::path>("path"), key<&PathRow::reason>("reason")};
constexpr Column path_columns[] = {
    gauge<&PathRow::exists>("path_exists", "Whether there is something at the path; links are followed."),
    gauge<&PathRow::is_mount>("path_is_mount", "Whether a file system is mounted at the path."),
    gauge<&PathRow::mode>("path_mode", "The permission bits of what is at the path, as a number: 420 is 0644."),
    gauge<&PathRow::modified>("path_mtime_seconds", "When what is at the path was last written, in Unix time."),
    gauge<&PathRow::size>("path_size_bytes", "Size of what is at the path."),
    with_keys(info_if<&PathRow::unknown>("path_unknown", "Why it cannot be told whether there is something."),
              reason_keys),
};
constinit const Table<PathRow> path_table{{"paths", "--paths", path_key, path_columns, nullptr, "vitald_"}};

// ---- read: paths -> facts

constexpr auto path_patience = std::chrono::milliseconds(500);

struct CheckedPath {
  std::string shown, asked;  // as configured; below --path.rootfs
  bool direct = false;       // nothing can hold it up
  int error = 0;
  PathFacts facts = {};
  int told = 0;  // the error that the log was told of
};

bool is_absent(int error) { return error == ENOENT || error == ENOTDIR; }

std::string_view reason_of(int error) {
  return is_absent(error) ? std::string_view() : error == ETIMEDOUT ? "no answer in time" : error_text(error);
}

void tell(const CheckedPath& path, PathRow& row) {
  row.path = path.shown;
  row.reason = reason_of(path.error);
  row.unknown = path.error != 0 && !is_absent(path.error);
  if (row.unknown) return;
  row.exists = path.error == 0 ? 1 : 0;
  if (path.error != 0) return;
  row.size = path.facts.size;
  row.mode = path.facts.mode;
  row.modified = static_cast<double>(path.facts.modified_ns) / 1e9;
  if (path.facts.tells_mounts) row.is_mount = path.facts.is_mount ? 1 : 0;
}

class Paths final : public Collector {
 public:
  explicit Paths(const Environment& environment)
      : probe_(environment.paths), remarks_(environment.remarks), is_root_(environment.roots.rootfs == "/") {
    for (const auto& path : environment.options.values("paths"))
      if (!path.empty() && std::ranges::find(all_, path, &CheckedPath::shown) == all_.end())
        all_.push_back({path, is_root_ ? path : environment.roots.rootfs + path});
  }

  Result<void> collect(Page& page) override {
    if (is_root_ && way_.changed())
      for (auto& path : all_) path.direct = way_.is_around(path.asked);
    questions_.clear();
    asked_.clear();
    for (auto& path : all_) {
      path.error = path.direct ? ask_path(path.asked.c_str(), Links::refuse, path.facts) : ELOOP;
      if (path.error != ELOOP && path.error != ENOSYS) continue;
      asked_.push_back(&path);
      auto& question = questions_.emplace_back();
      question.path = path.asked;
      question.wants = Probe::Wants::facts;
    }
    if (!questions_.empty()) probe_.ask(questions_, path_patience);
    for (std::size_t i = 0; i < asked_.size(); ++i) {
      asked_[i]->error = questions_[i].error;
      asked_[i]->facts = questions_[i].facts;
    }
    auto& sheet = page.sheet(path_table);
    for (auto& path : all_) {
      tell(path, sheet.next());
      remark(path);
    }
    return {};
  }

 private:
  // Once for each change.
  void remark(CheckedPath& path) {
    const int now = is_absent(path.error) ? 0 : path.error;
    if (std::exchange(path.told, now) == now) return;
    if (now == 0)
      remarks_.works_again("paths", path.shown);
    else
      remarks_.fails("paths", path.shown, reason_of(now));
  }

  Probe& probe_;
  Remarks& remarks_;
  const bool is_root_;
  LocalWay way_;
  std::vector<CheckedPath> all_;
  std::vector<Probe::Question> questions_;
  std::vector<CheckedPath*> asked_;  // as questions_
};

// ---- settings

std::string_view fault_of_path(std::string_view path) {
  return path.empty() || path.starts_with('/') ? "" : "it must be a whole path";
}

constexpr Option path_options[] = {{.flag = "paths",
                                    .initial = "",
                                    .help = "A file or folder of which vitald_path_* tell whether it is there, its "
                                            "size, mode and time. May be repeated.",
                                    .repeatable = true,
                                    .check = fault_of_path}};

constexpr const Layout* path_layouts[] = {&path_table};

}  // namespace

extern constinit const Entry paths;
constinit const Entry paths{
    "paths",      "Whether single files are there, their sizes and times; on where --paths is given.",
    false,        Entry::Runs::fast,
    make<Paths>,  path_layouts,
    path_options, {},
    "paths"};

}  // namespace vitald::filesystem
