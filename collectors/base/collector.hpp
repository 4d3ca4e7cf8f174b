#pragma once
// What a collector is, and the entry by which the daemon knows it.
#include "collectors/base/group_rules.hpp"
#include "collectors/base/option.hpp"
#include "collectors/base/page.hpp"
#include "collectors/base/probe.hpp"
#include "collectors/base/source.hpp"

#include <memory>
#include <string>

namespace vitald {

// Where the host's files are seen: without a slash at the end, but for "/" itself. `rootfs` is the host's root.
struct Roots {
  std::string proc = "/proc", sys = "/sys", rootfs = "/", udev = "/run/udev/data";
};

// A collector's word to the operator where something of it fails and it does not: goes to the log. Any thread.
class Remarks {
 public:
  virtual ~Remarks() = default;
  virtual void fails(std::string_view collector, std::string_view subject, std::string_view reason) = 0;
  virtual void works_again(std::string_view collector, std::string_view subject) = 0;
};

class NameService;

// All that a collector may know of the daemon. Outlives every collector.
struct Environment {
  const Roots& roots;
  const Options& options;
  Sources& sources;
  Probe& probe;  // for one collector at a time: the filesystem's
  Probe& files;  // the same for textfile, so that neither waits for what holds up the other
  Probe& paths;  // the same for paths
  Remarks& remarks;
  const GroupRules* group_rules = nullptr;  // none: no file of groups was named
  NameService* names = nullptr;             // none: only those of /etc/passwd
};

// Threads: `collect` runs on a reader, one call at a time for each collector. A collector owns what it
// reads with; what it shares goes through Sources.
class Collector {
 public:
  virtual ~Collector() = default;
  // Fills the page, which comes rewound, or says why not. A fault drops the whole page, unless the page says
  // that it is shown_despite_fault. It may take long, even hang,
  // and is then left behind; nothing else is asked of this collector until it returns.
  virtual Result<void> collect(Page& page) = 0;
};

// A constant of the collector's file. For a collector that is asked for and not in this build the daemon makes one,
// without `make`.
struct Entry {
  enum class Runs : std::uint8_t { fast, slow };  // slow: on a reader of its own, it may delay nobody
  std::string_view name, about;                   // as in flags and labels; a sentence
  bool on_by_default;
  Runs runs;
  std::unique_ptr<Collector> (*make)(const Environment&);
  std::span<const Layout* const> layouts;
  std::span<const Option> options = {};
  std::string_view needs = {};    // sentences: capabilities and kernel options without which it tells less or nothing
  std::string_view on_with = {};  // a flag: where that is given, the collector is on unless switched off
};

template <class C>
std::unique_ptr<Collector> make(const Environment& environment) {
  return std::make_unique<C>(environment);
}

std::span<const Entry* const> catalog();  // written by the build from COLLECTORS in CMakeLists.txt

}  // namespace vitald
