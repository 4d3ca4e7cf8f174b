#pragma once
// From root to a user without rights, for good.
#include "daemon/refusal.hpp"

#include <sys/types.h>

#include <span>
#include <vector>

namespace vitald {

struct Account {
  std::string name;
  uid_t user = 0;
  gid_t group = 0;
  std::vector<gid_t> groups;
};

// Asks the name service, which may wait and load libraries: before there is a thread.
Refused find_account(const std::string& name, Account& out);

// To be called before there is a thread, as the kernel's rights are each thread's own. Keeps the capabilities (by name)
// also over exec, so that the probe has them. Nothing that is run later can win rights back (no_new_privs).
Refused become(const Account& account, std::span<const std::string> keep);

// What the user could not do once more: run this program as its probe, append to the log, read the configuration's
// files. Asked after `become`.
Refused fault_of_rights(const Account& account, const std::string& log_file, std::span<const std::string> files);

}  // namespace vitald
