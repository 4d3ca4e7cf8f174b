#pragma once
// One pass over /proc for a listing: of each process the files that are wanted, and nothing of it kept.
#include "collectors/process/facts.hpp"
#include "collectors/process/proc_files.hpp"
#include "collectors/process/process_counts.hpp"
#include "collectors/process/secrets.hpp"
#include "collectors/process/user_names.hpp"

namespace vitald::process {

class ProcessSampler {
 public:
  ProcessSampler(const ProcessPlaces& places, ProcFiles& files);

  // Rates are counted from `since`, if there is one.
  Result<void> pass(const SampleWish& wish, const ProcessCounts* since, ProcessSample& out, ProcessCounts& counts);

 private:
  using Clock = ProcessCounts::Clock;
  static constexpr std::size_t most_texts = std::size_t{1} << 28;
  Result<void> begin(const SampleWish& wish);
  bool add(int pid);
  void fill(const FullStat& stat, ProcessRow& row);
  void add_status(ProcessRow& row, ProcessMore& more);
  void add_switches(ProcessRow& row);
  void add_io(ProcessRow& row);
  void add_descriptors(ProcessRow& row);
  void add_owner(ProcessRow& row);
  void add_texts(ProcessRow& row);
  void add_command(ProcessRow& row);
  void add_link(ProcessRow& row, From from, std::string_view file, ProcessRow::Piece& out);
  void add_cgroup(ProcessRow& row);
  void add_more(ProcessRow& row, ProcessMore& more);
  void add_oom(ProcessRow& row, ProcessMore& more);
  void add_priority(ProcessMore& more, int pid);
  void add_counts(ProcessRow& row, const ProcessCounts* since, ProcessCounts& counts);
  bool wanted(From from) const { return (out_->wants & bit(from)) != 0; }
  // Notes what the kernel refuses.
  template <class Parsed>
  bool read(ProcessRow& row, From from, std::string_view file, Result<void> (*parse)(std::string_view, Parsed&),
            Parsed& out);
  void note(ProcessRow& row, From from, const Fault& fault) const;
  ProcessRow::Piece keep(std::string_view text);

  ProcFiles& files_;
  KernelFile stat_, memory_;
  UserNames users_;
  Secrets secrets_;
  std::uint64_t page_bytes_, ticks_per_second_;
  bool only_ = false;
  ProcessSample* out_ = nullptr;
};

}  // namespace vitald::process
