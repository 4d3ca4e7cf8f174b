// The one who is asked about processes: passes, what is remembered between them, and parts of one process.
#include "collectors/base/process_source.hpp"

#include "collectors/process/part_reader.hpp"
#include "collectors/process/process_sampler.hpp"
#include "collectors/process/system_facts.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <functional>

namespace vitald {

const ProcessRow* ProcessSample::find(int pid) const {
  const auto at = std::ranges::lower_bound(rows, pid, {}, &ProcessRow::pid);
  return at != rows.end() && at->pid == pid ? &*at : nullptr;
}

namespace process {
namespace {

class ProcSource final : public ProcessSource {
 public:
  explicit ProcSource(const ProcessPlaces& places)
      : proc_(places.proc),
        files_(places.proc),
        stat_(places.proc + "/stat"),
        sampler_(places, files_),
        parts_(files_, places.secrets),
        next_id_(static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch() /
                                            std::chrono::milliseconds(1))
                 << 12) {}

  Result<std::shared_ptr<const ProcessSample>> sample(const SampleWish& wish) override {
    const auto now = Clock::now();
    if (wish.only == 0 && !wish.since && last_ && now - last_at_ <= wish.freshness &&
        (last_->wants & wish.wants) == wish.wants)
      return last_;
    const auto made = std::make_shared<ProcessSample>();
    const auto counts = std::make_shared<ProcessCounts>();
    const auto since = wish.since ? wish.since : remembered_.before(now);
    if (wish.only == 0) {
      last_.reset();  // so that there are no two at a time
      made->rows.reserve(expected());
      counts->all.reserve(expected());
    }
    if (const auto done = sampler_.pass(wish, since.get(), *made, *counts); !done) return done.error();
    made->id = ++next_id_;
    if (wish.only != 0) return std::shared_ptr<const ProcessSample>(made);
    remembered_.add(counts);
    last_ = made;
    last_at_ = now;
    return last_;
  }

  Result<std::shared_ptr<const ProcessCounts>> counts(const SampleWish& wish) override {
    ProcessSample sample;
    auto counts = std::make_shared<ProcessCounts>();
    auto little = wish;
    little.wants &= bit(From::io);
    if (const auto done = sampler_.pass(little, nullptr, sample, *counts); !done) return done.error();
    return std::shared_ptr<const ProcessCounts>(std::move(counts));
  }

  void keep(const std::shared_ptr<const ProcessSample>& sample) override {
    forget_old();
    const auto same = [&](const Kept& each) { return each.sample->id == sample->id; };
    if (std::ranges::any_of(kept_, same)) return;
    kept_.push_back({sample, Clock::now()});
    std::size_t rows = 0;
    for (const auto& each : kept_) rows += each.sample->rows.size();
    while (kept_.size() > 1 && (kept_.size() > most_kept || rows > most_rows_kept)) {
      rows -= kept_.front().sample->rows.size();
      kept_.pop_front();
    }
  }

  std::shared_ptr<const ProcessSample> kept(std::uint64_t id) override {
    forget_old();
    const auto at = std::ranges::find_if(kept_, [&](const Kept& each) { return each.sample->id == id; });
    return at == kept_.end() ? nullptr : at->sample;
  }

  // Looked at before and after, so that no other process of that number is taken for it.
  Result<ProcessPart> part(ProcessPart::Kind kind, int pid, std::uint64_t start_ticks) override {
    ProcessPart made;
    made.sampled_at_seconds =
        std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    made.ticks_per_second = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
    if (const auto text = stat_.read()) static_cast<void>(parse_boot_seconds(*text, made.boot_seconds));
    const Fault ended{Parse::no_data, "the process has ended"};
    if (const auto done = parts_.read(kind, pid, made); !done) return is_gone(done.error()) ? ended : done.error();
    FullStat stat;
    const auto text = files_.read(pid, "stat");
    if (!text || !parse_full_stat(*text, stat) || stat.start_ticks != start_ticks) return ended;
    return made;
  }

 private:
  using Clock = ProcessCounts::Clock;
  struct Kept {
    std::shared_ptr<const ProcessSample> sample;
    Clock::time_point since;
  };
  static constexpr std::size_t most_kept = 8, most_rows_kept = 20'000;  // 6 MiB
  static constexpr auto kept_for = std::chrono::seconds(30);

  // How many there are about: procfs counts each as a folder (proc(5)).
  std::size_t expected() const {
    struct stat about {};
    return ::stat(proc_.c_str(), &about) == 0 ? std::min<std::size_t>(about.st_nlink, 1 << 16) : 0;
  }

  void forget_old() {
    const auto now = Clock::now();
    std::erase_if(kept_, [&](const Kept& each) { return now - each.since > kept_for; });
  }

  std::string proc_;
  ProcFiles files_;
  KernelFile stat_;
  ProcessSampler sampler_;
  PartReader parts_;
  RememberedCounts remembered_;
  std::shared_ptr<const ProcessSample> last_;
  Clock::time_point last_at_;
  std::deque<Kept> kept_;
  std::uint64_t next_id_;
};

}  // namespace
}  // namespace process

std::unique_ptr<ProcessSource> make_process_source(const ProcessPlaces& places) {
  return std::make_unique<process::ProcSource>(places);
}

}  // namespace vitald
