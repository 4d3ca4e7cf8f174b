#include "tests/support/broken_file.hpp"

#include <doctest/doctest.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>

namespace vitald::test {
namespace fs = std::filesystem;
namespace {

std::string random_bytes(std::size_t count) {
  std::mt19937 next(20);
  std::string bytes(count, '\0');
  for (auto& byte : bytes) byte = static_cast<char>(next());
  return bytes;
}

std::size_t kib_of_status(std::string_view field) {
  std::ifstream in("/proc/self/status");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(field)) return std::stoul(line.substr(field.size()));
  return 0;
}

}  // namespace

void put(const Tree& tree, const std::string& path, Broken how, const std::string& whole) {
  const auto at = tree.path(path);
  const auto replace = [&] { tree.remove(path); };
  switch (how) {
    case Broken::empty: return tree.file(path, "");
    case Broken::random: return tree.file(path, random_bytes(4096));
    case Broken::few_random: return tree.file(path, random_bytes(64));
    case Broken::folder: return replace(), tree.dir(path);
    case Broken::pipe: {
      replace();
      REQUIRE(::mkfifo(at.c_str(), 0644) == 0);
      return;
    }
    case Broken::huge: tree.file(path, ""); return fs::resize_file(at, 1'000'000'000);
    case Broken::endless: return tree.link(path, "/dev/zero");
    case Broken::loop: return tree.link(path, fs::path(path).filename().native());
    case Broken::forbidden: tree.file(path, whole); return fs::permissions(at, fs::perms::none);
  }
}

Unprivileged::Unprivileged(bool wanted) {
  if (wanted) ::setfsuid(65534);
}
Unprivileged::~Unprivileged() { ::setfsuid(::geteuid()); }

bool can_be_forbidden(const Tree& tree) {
  tree.file("forbidden", "text");
  fs::permissions(tree.path("forbidden"), fs::perms::none);
  bool refused = false;
  {
    const Unprivileged now(true);
    refused = !std::ifstream(tree.path("forbidden")).is_open();
  }
  tree.remove("forbidden");
  return refused;
}

Growth::Growth() {
  std::ofstream("/proc/self/clear_refs") << 5;  // the peak starts anew
  start_ = std::max(kib_of_status("VmRSS:"), kib_of_status("VmHWM:"));
}

std::size_t Growth::kib() const {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return 0;  // they keep what was given back
#else
  return std::max(kib_of_status("VmHWM:"), start_) - start_;
#endif
}

}  // namespace vitald::test
