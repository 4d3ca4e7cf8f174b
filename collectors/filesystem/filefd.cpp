// Open files of the whole machine, from /proc/sys/fs/file-nr.
#include "collectors/filesystem/filefd.hpp"

#include "collectors/base/collector.hpp"
#include "collectors/base/kernel_file.hpp"
#include "collectors/base/scan.hpp"

namespace vitald::filesystem {

// ---- parse: text -> rows

Result<void> parse_filefd(std::string_view text, Sheet<OpenFiles>& out) {
  auto line = scan::trimmed(scan::take_line(text), " \t\r");
  const auto allocated = scan::take_until(line, '\t');
  scan::take_until(line, '\t');  // free ones: always 0 since 2.6
  OpenFiles files;
  if (!scan::number(allocated, files.allocated) || !scan::number(scan::take_until(line, '\t'), files.maximum))
    return Fault{Parse::not_a_number, "/proc/sys/fs/file-nr", 1};
  out.next() = files;
  return {};
}

// ---- describe: rows -> families, JSON, handbook

namespace {

constexpr Column columns[] = {
    gauge<&OpenFiles::allocated>("filefd_allocated", "File handles in use on the whole machine."),
    gauge<&OpenFiles::maximum>("filefd_maximum", "File handles that may be in use at most."),
};
constinit const Table<OpenFiles> table{{"filefd", "/proc/sys/fs/file-nr", {}, columns}};

// ---- read: kernel -> text

class Filefd final : public Collector {
 public:
  explicit Filefd(const Environment& environment)
      : file_(environment.roots.proc + "/sys/fs/file-nr", KernelFile::Holds::value) {}
  Result<void> collect(Page& page) override {
    const auto text = file_.read();
    if (!text) return text.error();
    return parse_filefd(*text, page.sheet(table));
  }

 private:
  KernelFile file_;
};

constexpr const Layout* layouts[] = {&table};

}  // namespace

extern constinit const Entry filefd;
constinit const Entry filefd{"filefd", "Open files of the whole machine.", true, Entry::Runs::fast, make<Filefd>,
                             layouts};

}  // namespace vitald::filesystem
