// Space and inodes of mounted file systems, from mountinfo and statfs(2).
#include "collectors/base/collector.hpp"
#include "collectors/base/duration.hpp"
#include "collectors/base/kernel_file.hpp"
#include "collectors/filesystem/errors.hpp"
#include "collectors/filesystem/filesystem_options.hpp"
#include "collectors/filesystem/mounts.hpp"
#include "collectors/filesystem/table_watch.hpp"

namespace vitald::filesystem {
namespace {

// ---- describe: rows -> families, JSON, handbook

struct Usage {
  Text device, device_error, fstype, mountpoint, major, minor;
  std::optional<double> size, free, available;
  std::optional<std::uint64_t> files, files_free, purgeable;
  std::uint64_t read_only = 0, failed = 0;
  bool shows_numbers = false;
};

constexpr Key keys[] = {key<&Usage::device>("device"), key<&Usage::device_error>("device_error"),
                        key<&Usage::fstype>("fstype"), key<&Usage::mountpoint>("mountpoint")};
constexpr Key info_keys[] = {key<&Usage::device>("device"), key<&Usage::major>("major"), key<&Usage::minor>("minor"),
                             key<&Usage::mountpoint>("mountpoint")};

constexpr Column columns[] = {
    gauge<&Usage::available>("filesystem_avail_bytes", "Bytes that users without privileges can still fill."),
    gauge<&Usage::failed>("filesystem_device_error", "Whether asking the file system for its sizes failed.", {},
                          "failed"),
    gauge<&Usage::files>("filesystem_files", "Inodes in all."),
    gauge<&Usage::files_free>("filesystem_files_free", "Inodes that are free."),
    gauge<&Usage::free>("filesystem_free_bytes", "Bytes that are free, those kept for root included."),
    with_keys(info_if<&Usage::shows_numbers>("filesystem_mount_info", "The device numbers of a mount."), info_keys),
    gauge<&Usage::purgeable>("filesystem_purgeable_bytes",
                             "Bytes that could be freed on demand, which Linux has none of."),
    gauge<&Usage::read_only>("filesystem_readonly", "Whether the mount or the file system is read-only."),
    gauge<&Usage::size>("filesystem_size_bytes", "Bytes in all."),
};
constinit const Table<Usage> table{{"filesystem", "/proc/1/mountinfo", keys, columns}};

// The product of two doubles, as the peer forms it.
double bytes(std::uint64_t blocks, std::uint64_t size) {
  return static_cast<double>(blocks) * static_cast<double>(size);
}

void tell(const Mount& mount, const Places::Place& place, Usage& row) {
  row.device = mount.device;
  row.fstype = mount.type;
  row.mountpoint = mount.point;
  row.major = mount.major;
  row.minor = mount.minor;
  row.read_only = mount.read_only ? 1 : 0;
  row.failed = place.error == 0 ? 0 : 1;
  if (place.error != 0) {
    row.device_error = error_text(place.error);
    return;
  }
  const auto& said = place.size;
  row.size = bytes(said.blocks, said.block_size);
  row.free = bytes(said.free, said.block_size);
  row.available = bytes(said.available, said.block_size);
  row.files = said.files;
  row.files_free = said.files_free;
  row.purgeable = 0;
  row.shows_numbers = mount.shows_numbers;
}

// ---- read: kernel -> text

std::chrono::milliseconds patience_of(const Options& options) {
  using namespace std::chrono_literals;
  const auto given = parse_duration(options.text("collector.filesystem.mount-timeout"));
  return given ? std::max(std::chrono::ceil<std::chrono::milliseconds>(*given), 1ms) : 500ms;
}

class Filesystem final : public Collector {
 public:
  explicit Filesystem(const Environment& environment)
      : of_first_(environment.roots.proc + "/1/mountinfo"),
        of_self_(environment.roots.proc + "/self/mountinfo"),
        own_file_("/proc/self/mountinfo"),
        mounts_(environment.options, environment.roots.rootfs),
        places_(environment.probe),
        watch_(environment.roots.sys),
        patience_(patience_of(environment.options)) {}

  Result<void> collect(Page& page) override {
    const bool told_nothing = known_ && watch_.quiet(*shown_);
    if (const auto done = told_nothing ? Result<void>() : ask_anew(); !done) return done;
    if (told_nothing) {
      places_.ask(patience_);
      if (!watch_.same_modes(mounts_.all(), places_))
        if (const auto done = ask_anew(); !done) return done;
    }
    auto& sheet = page.sheet(table);
    for (const auto& mount : mounts_.all()) tell(mount, places_[mount.place], sheet.next());
    return {};
  }

 private:
  Result<void> ask_anew() {
    const auto done = look_at_table();
    if (!done) return done;
    places_.ask(patience_);
    watch_.keep_modes(mounts_.all(), places_);
    return {};
  }

  // Reading the table is the dear part of a scrape; what it says is worked out only when a byte of it has changed.
  Result<void> look_at_table() {
    shown_ = &of_first_;
    auto text = shown_->read();
    if (!text && not_shown(text.error())) text = (shown_ = &of_self_)->read();
    if (!text) return text.error();
    if (text->empty() && !shown_->live()) return Fault{Parse::empty, shown_->path()};
    if (known_ && *text == text_) return watch_.begin_again(), Result<void>();
    known_ = false;
    text_.assign(*text);
    const auto done = parse_mountinfo(text_, listed_);
    if (!done) return done;
    look_at_own_table();
    mounts_.fill(listed_, own_, places_);
    watch_.begin(*shown_, mounts_.all());
    known_ = true;
    return {};
  }

  static bool not_shown(const Fault& fault) {
    const auto state = state_of(fault);
    return state == State::absent || state == State::permission;
  }

  void look_at_own_table() {
    own_.clear();
    if (!mounts_.is_root()) return;
    const auto text = own_file_.read();
    if (!text || !parse_mountinfo(*text, own_)) own_.clear();
  }

  KernelFile of_first_, of_self_, own_file_;
  KernelFile* shown_ = &of_first_;
  Mounts mounts_;
  Places places_;
  TableWatch watch_;
  std::chrono::milliseconds patience_;
  std::string text_;  // what listed_ looks into
  std::vector<MountLine> listed_, own_;
  bool known_ = false;
};

constexpr const Layout* layouts[] = {&table};

constexpr std::string_view needs = "Mounts in folders of others: CAP_DAC_READ_SEARCH.";

}  // namespace

extern constinit const Entry filesystem;
constinit const Entry filesystem{"filesystem",
                                 "Space and inodes of mounted file systems.",
                                 true,
                                 Entry::Runs::fast,
                                 make<Filesystem>,
                                 layouts,
                                 filesystem_options::options,
                                 needs};

}  // namespace vitald::filesystem
