#include "collectors/cpu/cpuinfo.hpp"

#include "collectors/base/filter.hpp"

#include <doctest/doctest.h>

namespace cpuinfo_test {

using namespace vitald;

namespace {

const Table<cpu::Description> table{};
const Table<cpu::Trait> trait_table{};
using enum cpu::Architecture;

// "cpu|vendor|model name|package|core|MHz" of each row, then the flags.
std::string told(cpu::Architecture architecture, std::string_view text) {
  Sheet<cpu::Description> sheet{table};
  cpu::FirstProcessor first;
  const auto done = cpu::parse_cpuinfo(text, sheet, first, architecture);
  if (!done) return to_string(done.error());
  std::string all;
  for (const auto& row : sheet.view()) {
    for (const auto* label : {&row.cpu, &row.vendor, &row.model_name, &row.package, &row.core})
      all.append(label->view()).append("|");
    all.append(row.megahertz ? std::to_string(static_cast<int>(*row.megahertz)) : "").append("\n");
  }
  return all.append(first.flags);
}

}  // namespace

TEST_SUITE("cpu/cpuinfo") {
  TEST_CASE("only the first processor's flags and bugs count, and a second block of one number is ignored") {
    Sheet<cpu::Description> sheet{table};
    cpu::FirstProcessor first;
    REQUIRE(cpu::parse_cpuinfo("Processor : whole\nprocessor : 0\nbugs : a b\nflags :\n\nprocessor : 0\nmodel : 9\n"
                               "bugs : c\n\nprocessor\t: 2\nbugs : d\nHardware : x:y\n",
                               sheet, first, x86)
                .has_value());
    REQUIRE(sheet.view().size() == 2);
    CHECK(sheet.view()[0].model == "");
    CHECK(sheet.view()[1].cpu == "2");
    CHECK(first.bugs == "a b");
    CHECK(first.flags == "");
  }

  TEST_CASE("a text cut anywhere never makes up a value") {
    const std::string whole = "processor\t: 0\nmodel name\t: One Two\n\n";
    for (std::size_t n = 0; n < whole.size(); ++n) {
      Sheet<cpu::Description> sheet{table};
      cpu::FirstProcessor first;
      const auto done = cpu::parse_cpuinfo(whole.substr(0, n), sheet, first, x86);
      if (n == 0 || whole[n - 1] != '\n') CHECK_MESSAGE(done.has_error(), n);
    }
  }

  TEST_CASE("what no kernel writes is a fault") {
    for (const char* text : {"", "\n\n", "processor : x\n", "processor :\n", "processor : -1\n", "processor : 20000\n",
                             "processor : 0\ncpu MHz : fast\n"})
      CHECK_MESSAGE(told(x86, text).starts_with("/proc/cpuinfo"), text);
    CHECK(told(s390x, "processor x: version = FF\n").starts_with("/proc/cpuinfo:1"));
    CHECK(told(ppc, "processor : 0\nclock : fast\n").starts_with("/proc/cpuinfo:2"));
  }

  TEST_CASE("lines that say nothing are passed by, and where none begins a processor there is none") {
    CHECK(told(x86, "processor : 0\nwords\n : x\nmodel name : A\n") == "0||A|||\n");
    for (const auto architecture : {x86, arm, s390x, ppc, riscv, mips, loongarch})
      for (const char* text : {"\xff\xfe\n", "model : 1\n", "words\n", "flags : a\n", " : x\n", "cpu number : 0\n"})
        CHECK_MESSAGE(told(architecture, text).empty(), text);
  }

  TEST_CASE("blanks at a value's end are part of it, as at the peer") {
    CHECK(told(x86, "processor\t: 0 \nmodel name\t: AMD FX(tm)-8350   \ncpu MHz\t\t: 1400.000 \n") ==
          "0||AMD FX(tm)-8350   |||1400\n");
  }

  TEST_CASE("ARM: a first line names all processors, flags are all processors', one without a number is one") {
    CHECK(told(arm,
               "Processor\t: ARMv7 rev 10 (v7l)\nprocessor\t: 0\nBogoMIPS\t: 5.0\n\nprocessor\t: 1\nBogoMIPS\t: "
               "5.0\n\nFeatures\t: swp half\nCPU implementer\t: 0x41\n\nHardware\t: i.MX6\n") ==
          "0||ARMv7 rev 10 (v7l)|||\n1||ARMv7 rev 10 (v7l)|||\nswp half");
    CHECK(told(arm, "Processor\t: ARM926EJ-S rev 5 (v5l)\nBogoMIPS\t: 266.24\nFeatures\t: swp\n") ==
          "0||ARM926EJ-S rev 5 (v5l)|||\nswp");
    CHECK(told(arm,
               "processor\t: 0\nmodel name\t: ARMv7 rev 4\nBogoMIPS\t: 38.40\nFeatures\t: half\n\n"
               "processor\t: 1\nmodel name\t: ARMv7 rev 5\nFeatures\t: half\n\nModel\t\t: Raspberry Pi\n") ==
          "0||ARMv7 rev 4|||\n1||ARMv7 rev 5|||\nhalf");
  }

  TEST_CASE("s390x: processors first, then what each is, in the same order") {
    CHECK(told(s390x,
               "vendor_id       : IBM/S390\n# processors    : 2\nbogomips per cpu: 3033.00\n"
               "features\t: esan3 zarch\ncache0          : level=1 type=Data\n"
               "processor 0: version = FF,  identification = 2733E8,  machine = 2964\n"
               "processor 4: version = FF,  identification = 2733E8,  machine = 2964\n\n"
               "cpu number      : 0\nphysical id     : 2\ncore id         : 1\ncpu MHz dynamic : 5200\n"
               "cpu MHz static  : 5100\n\ncpu number      : 4\nphysical id     : 3\ncore id         : 0\n"
               "cpu MHz dynamic : 5000\n\ncpu number      : 5\ncore id         : 9\n") ==
          "0|IBM/S390||2|1|5200\n4|IBM/S390||3|0|5000\nesan3 zarch");
  }

  TEST_CASE("ppc: the lines at the end are about the machine") {
    CHECK(told(ppc,
               "processor\t: 0\ncpu\t\t: POWER8 (raw), altivec supported\nclock\t\t: 2200.000000MHz\n"
               "revision\t: 2.1 (pvr 004b 0201)\n\nprocessor\t: 8\ncpu\t\t: POWER8E\nclock\t\t: 1500MHz\n\n"
               "timebase\t: 512000000\nplatform\t: pSeries\nmodel\t\t: IBM,8233-E8B\ncpu\t\t: of the machine\n") ==
          "0|POWER8 (raw), altivec supported||||2200\n8|POWER8E||||1500\n");
  }

  TEST_CASE("riscv, mips and loongarch") {
    CHECK(told(riscv, "processor\t: 0\nhart\t\t: 2\nisa\t\t: rv64imafdc\nmmu\t\t: sv39\n\nprocessor\t: 1\n\n") ==
          "0||rv64imafdc||2|\n1|||||\n");
    CHECK(told(mips, "system type\t\t: UBNT_E100\nprocessor\t\t: 0\ncpu model\t\t: Cavium Octeon+ V0.1\n\n") ==
          "0||Cavium Octeon+ V0.1|||\n");
    CHECK(told(loongarch,
               "system type\t\t: generic-loongson-machine\n\nprocessor\t\t: 0\npackage\t\t\t: 0\n"
               "CPU Family\t\t: Loongson-64bit\nModel Name\t\t: Loongson-3A5000\n\n") == "0||Loongson-3A5000|||\n");
  }

  TEST_CASE("words are picked by the expression, each once a reading") {
    Sheet<cpu::Trait> sheet{trait_table};
    SeenNames wanted(Filter(Pattern("b$")));
    cpu::pick_traits("ab xab  b ab bc", wanted, sheet);
    REQUIRE(sheet.view().size() == 3);
    CHECK(sheet.view()[1].name == "xab");
    cpu::pick_traits("ab", wanted, sheet);
    CHECK(sheet.view().size() == 4);
  }
}

}  // namespace cpuinfo_test
