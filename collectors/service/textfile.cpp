// Other programs' metrics: files *.prom of Prometheus text in the folders that a flag names.
#include "collectors/base/collector.hpp"
#include "collectors/service/textfile_files.hpp"
#include "collectors/service/textfile_merge.hpp"

#include <time.h>

#include <algorithm>
#include <set>

namespace vitald::service {
namespace {

// ---- describe: rows -> families, JSON, handbook

struct Summary {
  std::uint64_t error = 0;
};
struct Row {
  Text file, reason, state;
  std::optional<std::int64_t> modified;
};

constexpr Key file_key[] = {key<&Row::file>("file")};
constexpr Key row_keys[] = {key<&Row::file>("file"), key<&Row::reason>("reason"), key<&Row::state>("state")};
constexpr Column row_columns[] = {
    with_keys(gauge<&Row::modified>("textfile_mtime_seconds", "When the file was last written, in Unix time.", {},
                                    "mtime_seconds"),
              file_key)};
constexpr Column summary_columns[] = {
    gauge<&Summary::error>("textfile_scrape_error", "Whether a folder, a file or a part of one could not be shown.")};
constinit const Table<Row> rows_table{
    {"textfile_files", "*.prom in --collector.textfile.directory", row_keys, row_columns}};
constinit const Table<Summary> summary_table{
    {"textfile", "*.prom in --collector.textfile.directory", {}, summary_columns}};

std::int64_t unix_nanoseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return now.tv_sec * std::int64_t{1'000'000'000} + now.tv_nsec;
}

std::int64_t whole_seconds(std::int64_t nanoseconds) {
  constexpr std::int64_t second = 1'000'000'000;
  return nanoseconds / second - (nanoseconds % second < 0 ? 1 : 0);
}

void tell(const TextFile& file, Row& row) {
  row.file = file.label;
  row.reason = file.reason.empty() ? file.left_out : file.reason;
  row.state = name_of(file.left_out.empty() ? file.state : State::parse);
  if (file.piece) row.modified = whole_seconds(file.stamp.modified_ns);
}

// ---- read: files -> rows and families

class Textfile final : public Collector {
 public:
  explicit Textfile(const Environment& environment)
      : files_(patterns_of(environment.options, environment.roots), environment.files), remarks_(environment.remarks) {}

  Result<void> collect(Page& page) override {
    if (files_.look(unix_nanoseconds())) {
      merge_anew();
      forget_gone();
    }
    auto& rows = page.sheet(rows_table);
    std::uint64_t error = 0;
    for (auto& file : files_.all()) {
      if (file.again) continue;
      tell(file, rows.next());
      if (!file.reason.empty() || !file.left_out.empty()) error = 1;
      remark(file);
    }
    page.sheet(summary_table).next().error = error;
    page.foreign = shown_;
    return {};
  }

 private:
  void merge_anew() {
    std::vector<Merged> pieces;
    std::vector<TextFile*> theirs;
    for (auto& file : files_.all()) {
      file.left_out.clear();
      if (!file.piece || file.again) continue;
      pieces.push_back({file.label, file.piece, {}});
      theirs.push_back(&file);
    }
    shown_ = merge(pieces);
    for (std::size_t i = 0; i < pieces.size(); ++i) theirs[i]->left_out = std::move(pieces[i].left_out);
    if (shown_->families.empty()) shown_.reset();
  }

  // Once for each change.
  void remark(TextFile& file) {
    const auto& why = file.reason.empty() ? file.left_out : file.reason;
    if (why == file.told) return;
    file.told = why;
    if (why.empty()) {
      failing_.erase(file.label);
      return remarks_.works_again("textfile", file.label);
    }
    failing_.insert(file.label);
    remarks_.fails("textfile", file.label, why);
  }

  // A file that is gone fails no more, nor does a folder that is there now.
  void forget_gone() {
    std::erase_if(failing_, [&](const std::string& label) {
      const bool gone = std::ranges::none_of(files_.all(), [&](const auto& file) { return file.label == label; });
      if (gone) remarks_.works_again("textfile", label);
      return gone;
    });
  }

  TextFiles files_;
  Remarks& remarks_;
  std::shared_ptr<const Foreign> shown_;
  std::set<std::string> failing_;  // as the log knows them
};

// ---- settings

constexpr Option options[] = {{.flag = "collector.textfile.directory",
                               .initial = "",
                               .help = "Folder, or pattern of folders, with files *.prom; unless given, Debian's "
                                       "/var/lib/prometheus/node-exporter below --path.rootfs, where that exists.",
                               .repeatable = true,
                               .is_path = true,
                               .as_given = true}};

constexpr const Layout* layouts[] = {&rows_table, &summary_table};

}  // namespace

extern constinit const Entry textfile;
constinit const Entry textfile{
    "textfile", "Other programs' metrics, from files.", true, Entry::Runs::fast, make<Textfile>, layouts, options};

}  // namespace vitald::service
