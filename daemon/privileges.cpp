#include "daemon/privileges.hpp"

#include "config/capabilities.hpp"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

namespace vitald {
namespace {

using Bits = std::uint64_t;

constexpr unsigned most_capabilities = 64;

Bits bits_of(std::span<const std::string> names) {
  Bits all = 0;
  for (const auto& name : names) all |= Bits{1} << config::capability_number(name).value_or(0);
  return all;
}

std::vector<gid_t> groups_of(const passwd& user) {
  std::vector<gid_t> groups(64);
  for (;;) {
    int count = static_cast<int>(groups.size());
    const bool fits = ::getgrouplist(user.pw_name, user.pw_gid, groups.data(), &count) >= 0;
    groups.resize(static_cast<std::size_t>(std::max(count, fits ? 0 : static_cast<int>(groups.size()) * 2)));
    if (fits) return groups;
  }
}

struct Capabilities {
  Bits effective = 0, permitted = 0, inheritable = 0;
};

bool read_capabilities(Capabilities& out) {
  __user_cap_header_struct head{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2]{};
  if (::syscall(SYS_capget, &head, data) != 0) return false;
  const auto both = [&](auto member) { return Bits{data[1].*member} << 32 | data[0].*member; };
  using Data = __user_cap_data_struct;
  out = {both(&Data::effective), both(&Data::permitted), both(&Data::inheritable)};
  return true;
}

bool set_capabilities(Bits bits) {
  __user_cap_header_struct head{_LINUX_CAPABILITY_VERSION_3, 0};
  const auto low = static_cast<std::uint32_t>(bits), high = static_cast<std::uint32_t>(bits >> 32);
  const __user_cap_data_struct data[2]{{low, low, low}, {high, high, high}};
  return ::syscall(SYS_capset, &head, data) == 0;
}

// Where we may not, no_new_privs does as well.
void narrow_bounding_set(Bits keep) {
  for (unsigned each = 0; each < most_capabilities; ++each)
    if (!(keep >> each & 1)) ::prctl(PR_CAPBSET_DROP, each);
}

bool raise_ambient(Bits keep) {
  if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) return false;
  for (unsigned each = 0; each < most_capabilities; ++each)
    if ((keep >> each & 1) && ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, each, 0, 0) != 0) return false;
  return true;
}

bool is(const Account& account) {
  uid_t real = 0, effective = 0, saved = 0;
  return ::getresuid(&real, &effective, &saved) == 0 && real == account.user && effective == account.user &&
         saved == account.user;
}

bool change_user(const Account& account) {
  return ::setgroups(account.groups.size(), account.groups.data()) == 0 &&
         ::setresgid(account.group, account.group, account.group) == 0 &&
         ::setresuid(account.user, account.user, account.user) == 0;
}

// As open(2) would see it, with the capabilities that were kept.
bool may(const std::string& path, int what) { return ::faccessat(AT_FDCWD, path.c_str(), what, AT_EACCESS) == 0; }

}  // namespace

Refused find_account(const std::string& name, Account& out) {
  std::vector<char> text(16 * 1024);
  passwd user{};
  passwd* found = nullptr;
  int error = 0;
  while ((error = ::getpwnam_r(name.c_str(), &user, text.data(), text.size(), &found)) == ERANGE)
    text.resize(text.size() * 2);
  if (!found)
    return Refusal{EX_CONFIG, "no such user", "user", name, error ? std::system_category().message(error) : ""};
  out = {name, found->pw_uid, found->pw_gid, groups_of(*found)};
  return {};
}

Refused become(const Account& account, std::span<const std::string> keep) {
  const auto refuse = [&](std::string_view what) { return refusal_of(errno, EX_OSERR, what, "user", account.name); };
  const auto bits = bits_of(keep);
  Capabilities ours;
  if (!read_capabilities(ours)) return refuse("capabilities cannot be read");
  if ((ours.permitted & bits) != bits)
    return Refusal{EX_NOPERM, "a capability to keep is not ours", "user", account.name, "started without it"};
  if (!is(account)) {
    narrow_bounding_set(bits);
    if (::prctl(PR_SET_KEEPCAPS, 1) != 0 || !change_user(account)) return refuse("cannot become this user");
  }
  if (!set_capabilities(bits) || !raise_ambient(bits)) return refuse("capabilities cannot be set");
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return refuse("rights cannot be given up");
  return {};
}

Refused fault_of_rights(const Account& account, const std::string& log_file, std::span<const std::string> files) {
  const auto refuse = [&](std::string_view what) { return refusal_of(errno, EX_NOPERM, what, "user", account.name); };
  if (!may("/proc/self/exe", X_OK)) return refuse("this user cannot run the daemon's probe");
  if (!log_file.empty() && !may(log_file, W_OK)) return refuse("this user cannot open the log again");
  for (const auto& file : files)
    if (!may(file, R_OK)) return Refusal{EX_NOPERM, "this user cannot read the configuration again", "file", file};
  return {};
}

}  // namespace vitald
