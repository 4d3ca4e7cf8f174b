#include "collectors/process/part_reader.hpp"

#include "collectors/process/facts.hpp"
#include "collectors/process/part_texts.hpp"
#include "collectors/process/sockets.hpp"

#include <algorithm>
#include <utility>

namespace vitald::process {
namespace {

constexpr std::size_t most_of_a_table = std::size_t{16} << 20;
constexpr std::size_t most_descriptors = 65'536, most_threads = 32'768;

Result<void> ok() { return {}; }

}  // namespace

Result<void> PartReader::read(ProcessPart::Kind kind, int pid, ProcessPart& out) {
  if (const auto opened = files_.open(); !opened) return opened;
  switch (kind) {
    case ProcessPart::Kind::threads: return threads(pid, out);
    case ProcessPart::Kind::open_files: return open_files(pid, out);
    case ProcessPart::Kind::connections: return connections(pid, out);
    case ProcessPart::Kind::memory_maps: return memory_maps(pid, out);
    case ProcessPart::Kind::environment: return environment(pid, out);
    case ProcessPart::Kind::limits: return limits(pid, out);
    case ProcessPart::Kind::cgroup: return cgroup(pid, out);
    case ProcessPart::Kind::namespaces: return namespaces(pid, out);
  }
  return ok();
}

// One that ends meanwhile is left out.
Result<void> PartReader::threads(int pid, ProcessPart& out) {
  const auto listed = files_.threads(pid);
  if (!listed) return listed.error();
  std::vector<int> ids(listed->begin(), listed->end());
  out.complete = ids.size() <= most_threads;
  ids.resize(std::min(ids.size(), most_threads));
  for (const int id : ids) {
    FullStat stat;
    if (const auto text = files_.read(pid, id, "stat"); !text || !parse_full_stat(*text, stat)) continue;
    auto& thread = out.threads.emplace_back();
    thread.id = id;
    thread.name = stat.name;
    thread.state = stat.state;
    thread.start_ticks = stat.start_ticks;
    thread.user_ticks = stat.user_ticks;
    thread.system_ticks = stat.system_ticks;
    thread.processor = static_cast<std::uint32_t>(stat.processor);
    Status status;
    if (const auto text = files_.read(pid, id, "status"); !text || !parse_status(*text, status)) continue;
    thread.voluntary = status.voluntary_switches;
    thread.involuntary = status.involuntary_switches;
  }
  return {};
}

Result<std::vector<int>> PartReader::descriptors(int pid, ProcessPart& out) {
  const auto listed = files_.descriptors(pid);
  if (!listed) return listed.error();
  std::vector<int> numbers(listed->begin(), listed->end());
  out.complete = numbers.size() <= most_descriptors;
  numbers.resize(std::min(numbers.size(), most_descriptors));
  return numbers;
}

Result<void> PartReader::open_files(int pid, ProcessPart& out) {
  const auto numbers = descriptors(pid, out);
  if (!numbers) return numbers.error();
  for (const int number : *numbers) {
    const auto name = "fd/" + std::to_string(number);
    const auto target = files_.link(pid, name);
    if (!target) continue;
    auto& file = out.open_files.emplace_back();
    file.number = number;
    file.target = *target;
    file.regular = file.target.starts_with('/') && files_.is_regular(pid, name);
    if (const auto text = files_.read(pid, "fdinfo/" + std::to_string(number), ProcFiles::Shape::bytes))
      parse_fdinfo(*text, file);
  }
  return {};
}

Result<void> PartReader::connections(int pid, ProcessPart& out) {
  const auto numbers = descriptors(pid, out);
  if (!numbers) return numbers.error();
  SocketNumbers wanted;
  for (const int number : *numbers) {
    std::uint64_t inode = 0;
    const auto target = files_.link(pid, "fd/" + std::to_string(number));
    if (target && parse_inode(*target, "socket", inode)) wanted[inode].push_back(number);
  }
  if (wanted.empty()) return {};
  for (const std::string_view file : {"tcp", "tcp6", "udp", "udp6", "unix"}) {
    const auto path = "net/" + std::string(file);
    const auto text = files_.read(pid, path, ProcFiles::Shape::bytes, most_of_a_table);
    if (!text && is_gone(text.error())) continue;  // a kernel without IPv6
    if (!text) return text.error();
    const auto parsed =
        file == "unix" ? parse_unix(*text, wanted, out.connections) : parse_inet(*text, file, wanted, out.connections);
    if (!parsed) return parsed;
  }
  std::ranges::stable_sort(out.connections, {}, &ProcessPart::Connection::number);
  return {};
}

Result<void> PartReader::memory_maps(int pid, ProcessPart& out) {
  const auto text = files_.read(pid, "smaps", ProcFiles::Shape::bytes, most_of_a_table);
  if (!text) return text.error();
  if (text->size() == most_of_a_table) return Fault{Parse::too_large, "smaps"};
  return parse_smaps(*text, out.maps);
}

Result<void> PartReader::environment(int pid, ProcessPart& out) {
  constexpr std::size_t most = std::size_t{1} << 20;
  const auto text = files_.read(pid, "environ", ProcFiles::Shape::bytes, most);
  if (!text) return text.error();
  out.complete = text->size() < most;
  parse_environment(*text, out.variables);
  for (auto& variable : out.variables) {
    const auto value = std::exchange(variable.value, {});
    secrets_.append_value(variable.name, value, variable.value);
  }
  return {};
}

Result<void> PartReader::limits(int pid, ProcessPart& out) {
  const auto text = files_.read(pid, "limits", ProcFiles::Shape::bytes);
  if (!text) return text.error();
  return parse_all_limits(*text, out.limits);
}

Result<void> PartReader::cgroup(int pid, ProcessPart& out) {
  const auto text = files_.read(pid, "cgroup", ProcFiles::Shape::bytes);
  if (!text) return text.error();
  parse_cgroups(*text, out.cgroups);
  return {};
}

Result<void> PartReader::namespaces(int pid, ProcessPart& out) {
  for (const std::string_view type : {"cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"}) {
    const auto target = files_.link(pid, "ns/" + std::string(type));
    if (!target && is_gone(target.error())) continue;  // an older kernel has fewer
    if (!target) return target.error();
    std::uint64_t inode = 0;
    if (parse_inode(*target, type, inode)) out.namespaces.push_back({std::string(type), inode});
  }
  return {};
}

}  // namespace vitald::process
