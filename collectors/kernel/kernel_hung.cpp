// Tasks that the kernel found hanging, from /proc/sys/kernel/hung_task_detect_count.
#include "collectors/base/collector.hpp"
#include "collectors/base/digits.hpp"
#include "collectors/base/kernel_file.hpp"

namespace vitald::kernel {
namespace {

struct HungTasks {
  std::uint64_t found = 0;
};

constexpr Column columns[] = {
    counter<&HungTasks::found>("kernel_hung_tasks_total", "Tasks found waiting for too long without a break.", {},
                               "hung_tasks"),
};
constinit const Table<HungTasks> table{{"hung_tasks", "/proc/sys/kernel/hung_task_detect_count", {}, columns}};

// Since Linux 6.13.
class KernelHung final : public Collector {
 public:
  explicit KernelHung(const Environment& environment)
      : file_(environment.roots.proc + "/sys/kernel/hung_task_detect_count", KernelFile::Holds::value) {}
  Result<void> collect(Page& page) override {
    const auto text = file_.read();
    if (!text) return text.error();
    if (scan::lone_number(*text, page.sheet(table).next().found)) return {};
    return Fault{Parse::not_a_number, file_.path(), 1};
  }

 private:
  KernelFile file_;
};

constexpr const Layout* layouts[] = {&table};

}  // namespace

extern constinit const Entry kernel_hung;
constinit const Entry kernel_hung{"kernel_hung",
                                  "Tasks that hang.",
                                  true,
                                  Entry::Runs::fast,
                                  make<KernelHung>,
                                  layouts,
                                  {},
                                  "Linux 6.13, CONFIG_DETECT_HUNG_TASK."};

}  // namespace vitald::kernel
