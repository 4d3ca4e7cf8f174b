#pragma once
// Who can tell of processes. It enters the kernel and may hang there, so it is asked on a thread for reading, and by
// one thread at a time.
#include "collectors/base/process_parts.hpp"
#include "collectors/base/process_sample.hpp"
#include "collectors/base/result.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace vitald {

// What counts up, of all processes at one moment: rates are counted from it.
struct ProcessCounts;

struct SampleWish {
  std::uint32_t wants = 0;                               // bits of From
  int only = 0;                                          // this process alone; 0: all
  std::shared_ptr<const ProcessCounts> since = nullptr;  // rates are counted from here; null: from what is remembered
  std::chrono::milliseconds freshness{0};                // an older sample will do if no older than this
  std::chrono::milliseconds patience{5'000};             // then the pass ends, complete or not
};

class ProcessSource {
 public:
  virtual ~ProcessSource() = default;

  virtual Result<std::shared_ptr<const ProcessSample>> sample(const SampleWish& wish) = 0;
  virtual Result<std::shared_ptr<const ProcessCounts>> counts(const SampleWish& wish) = 0;
  // Samples that pages of a listing are made of are kept for a while.
  virtual void keep(const std::shared_ptr<const ProcessSample>& sample) = 0;
  virtual std::shared_ptr<const ProcessSample> kept(std::uint64_t id) = 0;  // null: no more
  // A part of one process, which is the one that began at `start_ticks` or is gone.
  virtual Result<ProcessPart> part(ProcessPart::Kind kind, int pid, std::uint64_t start_ticks) = 0;
};

// `secrets` is an expression for names whose values are masked in arguments and environments; it is right.
class NameService;

struct ProcessPlaces {
  std::string proc, rootfs, secrets;
  NameService* names = nullptr;  // none: only those of /etc/passwd
};
std::unique_ptr<ProcessSource> make_process_source(const ProcessPlaces& places);

}  // namespace vitald
