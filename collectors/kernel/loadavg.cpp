// Load averages, from /proc/loadavg.
#include "collectors/kernel/loadavg.hpp"
#include "collectors/base/collector.hpp"
#include "collectors/base/kernel_file.hpp"
#include "collectors/base/scan.hpp"

namespace vitald::kernel {

// ---- parse: text -> rows

Result<void> parse_loadavg(std::string_view text, Sheet<Load>& out) {
  auto line = scan::take_line(text);
  auto& row = out.next();
  if (scan::numbers(line, row.one, row.five, row.fifteen)) return {};
  out.drop_last();
  return Fault{Parse::not_a_number, "loadavg", 1};
}

// ---- describe: rows -> families, JSON, handbook

namespace {

constexpr Column columns[] = {
    gauge<&Load::one>("load1", "Load average over one minute."),
    gauge<&Load::fifteen>("load15", "Load average over fifteen minutes."),
    gauge<&Load::five>("load5", "Load average over five minutes."),
};
constinit const Table<Load> table{{"load", "/proc/loadavg", {}, columns}};

// ---- read: kernel -> text

class Loadavg final : public Collector {
 public:
  explicit Loadavg(const Environment& environment)
      : file_(environment.roots.proc + "/loadavg", KernelFile::Holds::value) {}
  Result<void> collect(Page& page) override {
    const auto text = file_.read();
    if (!text) return text.error();
    return parse_loadavg(*text, page.sheet(table));
  }

 private:
  KernelFile file_;
};

constexpr const Layout* layouts[] = {&table};

}  // namespace

extern constinit const Entry loadavg;
constinit const Entry loadavg{"loadavg", "Load averages.", true, Entry::Runs::fast, make<Loadavg>, layouts};

}  // namespace vitald::kernel
