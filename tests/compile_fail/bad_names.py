#!/usr/bin/env python3
"""A badly named metric does not compile, and the compiler prints the sentence that says why.

Usage: bad_names.py SOURCE_TREE COMPILER [FLAG…]
"""
import subprocess
import sys

SNIPPET = """#include "collectors/base/table.hpp"
using namespace vitald;
struct Row {{ std::uint64_t value = 0; }};
constexpr Column columns[] = {{{}}};
int main() {{ return static_cast<int>(std::size(columns)); }}
"""
COLUMN = '{}<&Row::value>({}, "{}")'
HELP = "Says something."
LOWER = "a family's name is lower case"
TOTAL = "counters, and only they, end in _total"
UNITS = "use base units"

REFUSED = [  # maker, name, help, the sentence
    ("gauge", "disk_Reads", HELP, LOWER),
    ("gauge", "disk-reads", HELP, LOWER),
    ("counter", "disk_reads", HELP, TOTAL),
    ("gauge", "disk_reads_total", HELP, TOTAL),
    ("gauge", "disk_wait_ms", HELP, UNITS),
    ("gauge", "disk_reads", "No full stop", "help is a sentence"),
    ("gauge", "disk_reads", "", "help is a sentence"),
]
ACCEPTED = [("gauge", '"disk_reads"'), ("counter", '"disk_reads_total"')]
ACCEPTED += [(maker, f'peer_name("{name}")') for maker, name, help_, _ in REFUSED if help_ and "-" not in name]


def compiled(columns):
    source, compiler, *flags = sys.argv[1:]
    return subprocess.run([compiler, *flags, "-std=c++20", "-fsyntax-only", f"-I{source}", "-x", "c++", "-"],
                          input=SNIPPET.format(", ".join(columns)), stderr=subprocess.PIPE, text=True)


def main():
    faults = []
    for maker, name, help_, sentence in REFUSED:
        done = compiled([COLUMN.format(maker, f'"{name}"', help_)])
        if done.returncode == 0:
            faults.append(f"{maker} {name} ({help_!r}) compiles")
        elif sentence not in done.stderr:
            faults.append(f"{maker} {name}: the compiler does not print {sentence!r}, but:\n{done.stderr}")
    done = compiled([COLUMN.format(maker, name, HELP) for maker, name in ACCEPTED])
    if done.returncode != 0:
        faults.append(f"good names, or a peer's, do not compile:\n{done.stderr}")
    for fault in faults:
        print("FAIL", fault)
    print(f"{len(REFUSED)} names refused, {len(ACCEPTED)} accepted" if not faults else f"{len(faults)} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
