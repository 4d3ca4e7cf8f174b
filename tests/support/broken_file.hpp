#pragma once
// Ways to break a file of a tree, and what is needed to look on.
#include "tests/support/tree.hpp"

#include <cstdint>
#include <utility>

namespace vitald::test {

enum class Broken : std::uint8_t { empty, random, few_random, folder, pipe, huge, endless, loop, forbidden };
inline constexpr std::pair<Broken, std::string_view> all_broken[] = {
    {Broken::empty, "empty"},          {Broken::random, "4 KiB of random bytes"},
    {Broken::few_random, "64 random"}, {Broken::folder, "a folder"},
    {Broken::pipe, "a pipe"},          {Broken::huge, "1 GB, sparse"},
    {Broken::endless, "/dev/zero"},    {Broken::loop, "a link to itself"},
    {Broken::forbidden, "forbidden"},
};

// `whole` is the file's text, which a forbidden one keeps. Tree::file mends all.
void put(const Tree& tree, const std::string& path, Broken how, const std::string& whole);

// As long as it lives this thread opens files as nobody would, whom no permission is given by capabilities.
class Unprivileged {
 public:
  explicit Unprivileged(bool wanted);
  ~Unprivileged();
  Unprivileged(const Unprivileged&) = delete;
  Unprivileged& operator=(const Unprivileged&) = delete;
};

bool can_be_forbidden(const Tree& tree);  // whether that works here

// How far the resident memory rose above what it was at the start, at the most.
class Growth {
 public:
  Growth();
  std::size_t kib() const;

 private:
  std::size_t start_;
};

}  // namespace vitald::test
