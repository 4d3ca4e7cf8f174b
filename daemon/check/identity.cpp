#include "daemon/check/identity.hpp"

#include "collectors/base/scan.hpp"
#include "config/capabilities.hpp"

#include <charconv>

namespace vitald::check {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t");
  return from == text.npos ? std::string_view{} : text.substr(from);
}

void take(std::string_view field, std::string_view value, Identity& out) {
  if (field == "Uid" || field == "Gid") {
    scan::take_word(value);  // the real one; the effective one counts
    scan::number(scan::take_word(value), field == "Uid" ? out.uid : out.gid);
  } else if (field == "Groups") {
    unsigned group = 0;
    for (auto word = scan::take_word(value); !word.empty(); word = scan::take_word(value))
      if (scan::number(word, group)) out.groups.push_back(group);
  } else if (field == "CapEff") {
    std::from_chars(value.data(), value.data() + value.size(), out.capabilities, 16);
  } else if (field == "NoNewPrivs") {
    out.no_new_privileges = value == "1";
  } else if (field == "Seccomp") {
    out.filtered = value == "2";
  }
}

}  // namespace

Identity identity_from(std::string_view status) {
  Identity identity;
  while (!status.empty()) {
    const auto line = scan::take_line(status);
    const auto colon = line.find(':');
    if (colon != line.npos) take(line.substr(0, colon), trimmed(line.substr(colon + 1)), identity);
  }
  return identity;
}

bool Identity::has(std::string_view capability) const {
  const auto number = config::capability_number(capability);
  return number && (capabilities >> *number & 1) != 0;
}

std::uint64_t known_capabilities() { return (std::uint64_t{1} << config::capability_count()) - 1; }

std::vector<std::string> capability_names(std::uint64_t set) {
  std::vector<std::string> all;
  for (unsigned i = 0; i < 64; ++i)
    if ((set >> i & 1) != 0) all.push_back(config::capability_name(i));
  return all;
}

}  // namespace vitald::check
