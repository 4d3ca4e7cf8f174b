#pragma once
// What the processors are, from /proc/cpuinfo.
#include "collectors/base/page.hpp"
#include "collectors/base/seen_names.hpp"

#include <optional>

namespace vitald::cpu {

struct Description {  // as the kernel words it; empty where this machine's kernel does not say it
  Text cachesize, core, cpu, family, microcode, model, model_name, package, stepping, vendor;
  std::optional<double> megahertz;
};

struct Trait {  // a flag or a bug
  Text name;
};

struct FirstProcessor {  // within the text that was parsed
  std::string_view flags, bugs;
};

Result<void> parse_cpuinfo(std::string_view text, Sheet<Description>& out, FirstProcessor& first);

// The words that are wanted, each once.
void pick_traits(std::string_view words, SeenNames& wanted, Sheet<Trait>& out);

}  // namespace vitald::cpu
