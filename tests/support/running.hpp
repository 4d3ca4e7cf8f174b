#pragma once
// One collector, run on a tree: what a scrape and the API would show.
#include "collectors/base/collector.hpp"
#include "tests/support/tree.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace vitald::test {

// Answers sizes from a table instead of from the kernel (paths that are not in it are ENOENT), and a user's files as
// they are.
class FakeProbe final : public Probe {
 public:
  std::map<std::string, Question, std::less<>> answers;
  std::vector<std::string> asked;
  bool silent = false;  // says nothing of a user's files
  void ask(std::span<Question> questions, std::chrono::milliseconds patience) override;
};

// "subject: reason", or "subject works again".
class FakeRemarks final : public Remarks {
 public:
  std::vector<std::string> told;
  void fails(std::string_view, std::string_view subject, std::string_view reason) override {
    told.push_back(std::string(subject).append(": ").append(reason));
  }
  void works_again(std::string_view, std::string_view subject) override {
    told.push_back(std::string(subject).append(" works again"));
  }
};

using Flags = std::vector<std::pair<std::string, std::string>>;  // {"collector.cpu.info", "true"}; some several times
void give(Options& options, const Flags& flags);

class Running {
 public:
  Running(const Tree& tree, std::string_view collector, const Flags& flags = {});
  // Reads anew, on a recycled page as in the daemon.
  Result<void> collect();
  std::string text();                                 // of a reading that must succeed
  std::string json();                                 // the tables, one after the other
  std::string json_of(std::string_view table) const;  // of the last reading; "families": those that others made
  FakeProbe probe;
  FakeRemarks remarks;
  Page& page() { return page_; }

 private:
  Options options_;
  Sources sources_;
  Environment environment_;
  std::unique_ptr<Collector> collector_;
  Page page_;
};

// What a collector has that a test makes by itself: no option given, its own sources, and a probe that is not asked.
struct World {
  explicit World(const Tree& tree) : environment{tree.roots(), options, sources, probe, files, files, remarks} {}
  Options options;
  Sources sources;
  FakeProbe probe, files;
  FakeRemarks remarks;
  Environment environment;
};

const Entry& entry(std::string_view collector);

// The lines of `text` that begin with `start`, so that a test shows just what it is about.
std::string lines(std::string_view text, std::string_view start);

}  // namespace vitald::test
