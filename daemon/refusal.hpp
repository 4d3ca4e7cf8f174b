#pragma once
// Why the daemon does not start: a line of the log, and the exit status (sysexits).
#include "daemon/log.hpp"

#include <sysexits.h>

#include <cerrno>
#include <optional>
#include <system_error>

namespace vitald {

struct Refusal {
  int status;
  std::string_view message;          // "the pid file is held"
  std::string_view key;              // what `subject` is: "file"
  std::string subject, reason = {};  // no reason: the message says it all

  void tell(const Log& log) const {
    if (reason.empty())
      log.error(message, {{key, subject}});
    else
      log.error(message, {{key, subject}, {"reason", reason}});
  }
};

// None: all went well.
using Refused = std::optional<Refusal>;

// By errno: 77 where the kernel forbids it, else `otherwise`.
inline Refusal refusal_of(int error, int otherwise, std::string_view message, std::string_view key,
                          std::string subject) {
  const int status = error == EACCES || error == EPERM ? EX_NOPERM : otherwise;
  return {status, message, key, std::move(subject), std::system_category().message(error)};
}

}  // namespace vitald
