#pragma once
// Reads what one process is asked for by itself.
#include "collectors/base/process_parts.hpp"
#include "collectors/process/proc_files.hpp"
#include "collectors/process/secrets.hpp"

namespace vitald::process {

class PartReader {
 public:
  PartReader(ProcFiles& files, std::string_view secrets) : files_(files), secrets_(secrets) {}
  Result<void> read(ProcessPart::Kind kind, int pid, ProcessPart& out);

 private:
  Result<void> threads(int pid, ProcessPart& out);
  Result<void> open_files(int pid, ProcessPart& out);
  Result<void> connections(int pid, ProcessPart& out);
  Result<void> memory_maps(int pid, ProcessPart& out);
  Result<void> environment(int pid, ProcessPart& out);
  Result<void> limits(int pid, ProcessPart& out);
  Result<void> cgroup(int pid, ProcessPart& out);
  Result<void> namespaces(int pid, ProcessPart& out);
  Result<std::vector<int>> descriptors(int pid, ProcessPart& out);

  ProcFiles& files_;
  Secrets secrets_;
};

}  // namespace vitald::process
