#pragma once
// All the catalogue's collectors on one tree, one after the other on this thread: what a scrape of the machine shows.
#include "http/encode/exposition.hpp"
#include "tests/support/running.hpp"

#include <chrono>
#include <set>

namespace vitald::test {

// A machine of tests/hosts: NAME.run states its flags and what statfs(2) says of its mounts ("flag NAME VALUE",
// "statfs BLOCK_SIZE BLOCKS FREE AVAILABLE FILES FILES_FREE PATH", "errno NUMBER PATH", "#" for remarks).
struct Machine {
  Flags flags;
  std::map<std::string, Probe::Question, std::less<>> answers;  // by mount point
};
Machine machine(std::string_view host);
std::set<std::string> all_hosts();  // those of tests/hosts

class WholeHost {
 public:
  struct Told {
    const Entry* entry;
    std::unique_ptr<Collector> collector;
    Page page{};
    Result<void> done{};
    std::chrono::steady_clock::duration took{};
  };

  WholeHost(const Roots& roots, const Flags& flags, Probe& probe);
  void collect();
  std::vector<Told>& all() { return told_; }
  const Told& operator[](std::string_view collector) const;
  const std::vector<Told>& all() const { return told_; }
  // Of all; a collector that failed is a remark in its place. What asks the live system (its time and name) is left
  // out.
  std::string text(encode::Format format = encode::Format::text) const;
  std::string text_of(const Told& told, encode::Format format = encode::Format::text) const;

 private:
  std::string without_root(std::string_view text) const;

  Options options_;
  Sources sources_;
  FakeRemarks remarks_;
  Environment environment_;
  std::vector<Told> told_;
};

// The probe's answers below the tree.
void answer(FakeProbe& probe, const Machine& machine, const Roots& roots);

// What is wrong with the text by the format's rules, with the line; empty when nothing is. Beyond them it wants the
// samples of a family together, no series twice, and labels in alphabetical order.
std::string fault_of_exposition(std::string_view text);
std::string fault_of_open_metrics(std::string_view text);  // the same by OpenMetrics's rules

}  // namespace vitald::test
