// The kernel's entropy, from /proc/sys/kernel/random.
#include "collectors/base/collector.hpp"
#include "collectors/base/digits.hpp"
#include "collectors/base/kernel_file.hpp"

namespace vitald::kernel {
namespace {

struct Entropy {
  std::uint64_t available = 0, pool_size = 0;  // bits
};

constexpr Column columns[] = {
    gauge<&Entropy::available>("entropy_available_bits", "Bits of entropy that the kernel has."),
    gauge<&Entropy::pool_size>("entropy_pool_size_bits", "Bits of entropy that the kernel can have at most."),
};
constinit const Table<Entropy> table{{"entropy", "/proc/sys/kernel/random", {}, columns}};

class Random final : public Collector {
 public:
  explicit Random(const Environment& environment)
      : available_(environment.roots.proc + "/sys/kernel/random/entropy_avail", KernelFile::Holds::value),
        pool_size_(environment.roots.proc + "/sys/kernel/random/poolsize", KernelFile::Holds::value) {}
  Result<void> collect(Page& page) override {
    auto& row = page.sheet(table).next();
    if (size_ == 0 || !pool_size_.live())  // the kernel's own never changes
      if (const auto done = read(pool_size_, size_); !done) return done;
    row.pool_size = size_;
    return read(available_, row.available);
  }

 private:
  static Result<void> read(KernelFile& file, std::uint64_t& out) {
    const auto text = file.read();
    if (!text) return text.error();
    if (!scan::lone_number(*text, out)) return Fault{Parse::not_a_number, file.path(), 1};
    return {};
  }

  KernelFile available_, pool_size_;
  std::uint64_t size_ = 0;
};

constexpr const Layout* layouts[] = {&table};
}  // namespace

extern constinit const Entry entropy;
constinit const Entry entropy{"entropy", "The kernel's entropy.", true, Entry::Runs::fast, make<Random>, layouts};
}  // namespace vitald::kernel
