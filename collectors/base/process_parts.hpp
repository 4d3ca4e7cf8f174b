#pragma once
// What one process is asked for by itself.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vitald {

struct ProcessPart {
  enum class Kind : std::uint8_t {
    threads,
    open_files,
    connections,
    memory_maps,
    environment,
    limits,
    cgroup,
    namespaces
  };

  struct Thread {
    int id = 0;
    std::string name;
    char state = '?';
    std::uint64_t start_ticks = 0, user_ticks = 0, system_ticks = 0;
    std::uint32_t processor = 0;
    std::optional<std::uint64_t> voluntary, involuntary;
  };
  struct OpenFile {
    int number = 0;
    std::string target;  // a path, or "socket:[12]", "pipe:[3]", "anon_inode:[eventpoll]"
    bool regular = false;
    std::optional<std::uint64_t> position, flags;
  };
  struct Connection {
    int number = 0;  // of the descriptor
    std::string_view family, type, state;
    std::string local, remote;  // an address; of a Unix socket its path
    std::optional<std::uint32_t> local_port, remote_port;
    std::uint64_t inode = 0;
  };
  struct Map {  // all of one path together
    std::string path;
    std::uint64_t maps = 0, size = 0, resident = 0, proportional = 0, shared_clean = 0, shared_dirty = 0;
    std::uint64_t private_clean = 0, private_dirty = 0, referenced = 0, anonymous = 0, swap = 0;
  };
  struct Variable {
    std::string name, value;
  };
  struct Limit {
    std::string name, unit;
    std::optional<std::uint64_t> soft, hard;  // none: unlimited
  };
  struct Cgroup {
    std::uint32_t hierarchy = 0;
    std::string controllers, path;
  };
  struct Namespace {
    std::string type;
    std::uint64_t inode = 0;
  };

  double sampled_at_seconds = 0;
  std::uint64_t boot_seconds = 0, ticks_per_second = 100;
  bool complete = true;  // false: there was more than is kept
  std::vector<Thread> threads;
  std::vector<OpenFile> open_files;
  std::vector<Connection> connections;
  std::vector<Map> maps;
  std::vector<Variable> variables;
  std::vector<Limit> limits;
  std::vector<Cgroup> cgroups;
  std::vector<Namespace> namespaces;
};

}  // namespace vitald
