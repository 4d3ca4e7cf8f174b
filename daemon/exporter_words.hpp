#pragma once
// Started under process-exporter's name, the daemon takes that program's command line.
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vitald {

// Whether a program of that path is meant to be process-exporter: "/usr/bin/prometheus-process-exporter".
bool is_process_exporter(std::string_view program);

struct ExporterWords {
  std::vector<std::string> words;  // ours, the program in front
  std::string fault;               // empty: none
};
// By the rules of Go's flags: one dash or two, "-x=v" or "-x v", booleans "-x" or "-x=false". What begins with two
// dashes and is none of its flags is one of ours.
ExporterWords exporter_words(std::span<char* const> argv);

}  // namespace vitald
