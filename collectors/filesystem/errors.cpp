#include "collectors/filesystem/errors.hpp"

#include <cctype>
#include <cerrno>
#include <cstring>
#include <string>

namespace vitald::filesystem {
namespace {

constexpr std::string_view known_text(int error) {
  switch (error) {
    case EPERM: return "operation not permitted";
    case ENOENT: return "no such file or directory";
    case EINTR: return "interrupted system call";
    case EIO: return "input/output error";
    case ENXIO: return "no such device or address";
    case EBADF: return "bad file descriptor";
    case EAGAIN: return "resource temporarily unavailable";
    case ENOMEM: return "cannot allocate memory";
    case EACCES: return "permission denied";
    case EFAULT: return "bad address";
    case EBUSY: return "device or resource busy";
    case ENODEV: return "no such device";
    case ENOTDIR: return "not a directory";
    case EINVAL: return "invalid argument";
    case ENFILE: return "too many open files in system";
    case EMFILE: return "too many open files";
    case ENAMETOOLONG: return "file name too long";
    case ENOSYS: return "function not implemented";
    case ELOOP: return "too many levels of symbolic links";
    case ENOLINK: return "link has been severed";
    case ECOMM: return "communication error on send";
    case EPROTO: return "protocol error";
    case EOVERFLOW: return "value too large for defined data type";
    case EOPNOTSUPP: return "operation not supported";
    case ENETDOWN: return "network is down";
    case ENETUNREACH: return "network is unreachable";
    case ECONNABORTED: return "software caused connection abort";
    case ECONNRESET: return "connection reset by peer";
    case ENOTCONN: return "transport endpoint is not connected";
    case ESHUTDOWN: return "cannot send after transport endpoint shutdown";
    case ETIMEDOUT: return "mountpoint timeout";
    case ETIME: return "connection timed out";
    case ECONNREFUSED: return "connection refused";
    case EHOSTDOWN: return "host is down";
    case EHOSTUNREACH: return "no route to host";
    case ESTALE: return "stale NFS file handle";
    case EUCLEAN: return "structure needs cleaning";
    case EREMOTEIO: return "remote I/O error";
    case ENOMEDIUM: return "no medium found";
    case EMEDIUMTYPE: return "wrong medium type";
    case ENOKEY: return "required key not available";
    case EKEYEXPIRED: return "key has expired";
    case EKEYREVOKED: return "key has been revoked";
    case EKEYREJECTED: return "key was rejected by service";
    default: return {};
  }
}

}  // namespace

std::string_view error_text(int error) {
  if (const auto text = known_text(error); !text.empty()) return text;
  thread_local std::string lowered;
  const char* words = ::strerrordesc_np(error);  // never translated
  lowered = words ? words : "errno " + std::to_string(error);
  lowered.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(lowered.front())));
  return lowered;
}

}  // namespace vitald::filesystem
