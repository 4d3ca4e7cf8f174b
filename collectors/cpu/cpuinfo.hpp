#pragma once
// What the processors are, from /proc/cpuinfo.
#include "collectors/base/page.hpp"
#include "collectors/base/seen_names.hpp"

#include <optional>

namespace vitald::cpu {

// Each words the file in its own way.
enum class Architecture : std::uint8_t { x86, arm, s390x, ppc, riscv, mips, loongarch };  // of 32 and 64 bits

#if defined(__arm__) || defined(__aarch64__)
constexpr auto this_architecture = Architecture::arm;
#elif defined(__s390__)
constexpr auto this_architecture = Architecture::s390x;
#elif defined(__powerpc__)
constexpr auto this_architecture = Architecture::ppc;
#elif defined(__riscv)
constexpr auto this_architecture = Architecture::riscv;
#elif defined(__mips__)
constexpr auto this_architecture = Architecture::mips;
#elif defined(__loongarch__)
constexpr auto this_architecture = Architecture::loongarch;
#else
constexpr auto this_architecture = Architecture::x86;
#endif

struct Description {  // as the kernel words it, blanks at the end included; empty where this machine's does not say it
  Text cachesize, core, cpu, family, microcode, model, model_name, package, stepping, vendor;
  std::optional<double> megahertz;
};

struct Trait {  // a flag or a bug
  Text name;
};

struct FirstProcessor {  // within the text that was parsed
  std::string_view flags, bugs;
};

// A row for each processor, and each once; none where no line begins one. A text without any line is a fault.
Result<void> parse_cpuinfo(std::string_view text, Sheet<Description>& out, FirstProcessor& first,
                           Architecture architecture = this_architecture);

// The words that are wanted, each once.
void pick_traits(std::string_view words, SeenNames& wanted, Sheet<Trait>& out);

}  // namespace vitald::cpu
