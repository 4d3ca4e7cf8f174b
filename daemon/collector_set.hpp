#pragma once
// The collectors that run, with all they stand on. A reload makes a second set beside the first.
#include "collectors/base/collector.hpp"

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace vitald {

struct CollectorSet {
  struct Member {
    const Entry* entry;
    std::unique_ptr<Collector> collector;  // none: it is off, or not built into this program
    bool on;
  };

  // What they hold references to; in this order, because the collectors go first.
  Roots roots;
  Options options;
  std::shared_ptr<const GroupRules> group_rules;
  Sources sources;
  Uevents::Watch events = sources.uevents().watch_all();
  std::unique_ptr<const Environment> environment;
  std::vector<Member> members;      // in the catalog's order
  std::unique_ptr<Collector> self;  // reads the daemon's own process
};

// What every set shares; outlives them.
struct CollectorServices {
  Probe& probe;
  Probe& files;
  Probe& paths;
  Remarks& remarks;
  NameService* names = nullptr;
};

struct CollectorWishes {
  Roots roots;
  Options options;
  std::set<std::string, std::less<>> on;
  std::vector<std::string> missing;  // switched on, and not in this build: shown as failing
  std::shared_ptr<const GroupRules> group_rules = nullptr;
};

// Any thread. Throws what a collector's constructor throws.
std::unique_ptr<CollectorSet> make_collectors(CollectorWishes wishes, const CollectorServices& services);

}  // namespace vitald
