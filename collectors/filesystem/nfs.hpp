#pragma once
// What the two sides of NFS, client and server, count alike: requests by protocol version and method.
#include "collectors/base/numbered_lines.hpp"
#include "collectors/base/page.hpp"
#include "collectors/base/scan.hpp"

namespace vitald::filesystem {

struct NfsRequests {
  std::string_view method, proto;  // of the tables below
  std::uint64_t count = 0;
};

// A line "proc3 22 0 1 2 …": how many numbers follow, and they.
struct NfsMethods {
  enum class Count : std::uint8_t {
    exact,
    grows,  // kernels add to its end, and older ones have less
    bare    // one number, and no count before it
  };
  std::string_view line, proto;
  Count count;
  std::span<const std::string_view> names;  // by position; empty ones are not shown
};

struct NfsText {
  std::string_view source;
  std::span<const Place> places;
  std::span<const NfsMethods> methods;
};
// Adds a row for each method, 0 where the kernel has no such line or number.
Result<void> parse_nfs_text(std::string_view text, const NfsText& how, std::span<std::optional<std::uint64_t>> numbers,
                            Sheet<NfsRequests>& requests);

// The words of a text; "-" stands for an empty one.
template <std::size_t N>
consteval std::array<std::string_view, N> words(std::string_view text) {
  std::array<std::string_view, N> made;
  for (auto& word : made) {
    word = scan::take_word(text);
    if (word.empty()) throw "there are less words";
    if (word == "-") word = {};
  }
  if (!text.empty()) throw "there are more words";
  return made;
}

// Of versions 2 and 3, by number (RFC 1094, RFC 1813).
inline constexpr auto nfs2_methods = words<18>(
    "Null GetAttr SetAttr Root Lookup ReadLink Read WrCache Write Create Remove Rename Link SymLink MkDir RmDir "
    "ReadDir FsStat");
inline constexpr auto nfs3_methods = words<22>(
    "Null GetAttr SetAttr Lookup Access ReadLink Read Write Create MkDir SymLink MkNod Remove RmDir Rename Link "
    "ReadDir ReadDirPlus FsStat FsInfo PathConf Commit");

inline constexpr Key nfs_keys[] = {key<&NfsRequests::method>("method"), key<&NfsRequests::proto>("proto")};

inline constexpr std::size_t nfs_client_places = 6, nfs_server_places = 16;
using NfsClient = Numbers<nfs_client_places>;
using NfsServer = Numbers<nfs_server_places>;

Result<void> parse_nfs(std::string_view text, Sheet<NfsClient>& totals, Sheet<NfsRequests>& requests);
Result<void> parse_nfsd(std::string_view text, Sheet<NfsServer>& totals, Sheet<NfsRequests>& requests);

}  // namespace vitald::filesystem
