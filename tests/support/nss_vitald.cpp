// A name service for nsswitch.conf(5): one user is known, one hangs for ever.
#include <nss.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

// NOLINTNEXTLINE(bugprone-reserved-identifier): glibc asks for it by this name
extern "C" nss_status _nss_vitald_getpwuid_r(uid_t user, passwd* out, char* room, std::size_t size, int* error) {
  constexpr char known[] = "far_away";
  while (user == 54321) ::pause();
  *error = user == 54322 ? ERANGE : ENOENT;
  if (user != 54322) return NSS_STATUS_NOTFOUND;
  if (size < sizeof known) return NSS_STATUS_TRYAGAIN;
  std::memcpy(room, known, sizeof known);
  char* const empty = room + sizeof known - 1;
  *out = {room, empty, user, user, empty, empty, empty};
  return NSS_STATUS_SUCCESS;
}
