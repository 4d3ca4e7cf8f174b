#include "collectors/base/result.hpp"

#include <boost/system/system_error.hpp>

namespace vitald {
namespace {

class ParseCategory final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "parse"; }
  std::string message(int value) const override {
    switch (static_cast<Parse>(value)) {
      case Parse::truncated: return "the line ends early";
      case Parse::not_a_number: return "a field is not a number";
      case Parse::unknown_layout: return "the layout is not known";
      case Parse::empty: return "it is empty";
      case Parse::too_large: return "it is larger than its limit";
      case Parse::not_a_file: return "it is not a plain file";
      case Parse::late: return "no answer in time";
      case Parse::no_data: return "no data";
    }
    return "unknown";
  }
};

const ParseCategory parse_category;

}  // namespace

boost::system::error_code make_error_code(Parse value) noexcept { return {static_cast<int>(value), parse_category}; }

std::string to_string(const Fault& fault) {
  std::string text(fault.what);
  if (fault.line != 0) text.append(":").append(std::to_string(fault.line));
  return text.append(": ").append(fault.code.message());
}

State state_of(const Fault& fault) noexcept {
  if (fault.code == Parse::late) return State::timeout;
  if (fault.code == Parse::no_data) return State::absent;
  if (fault.code.category() != boost::system::system_category()) return State::parse;
  switch (fault.code.value()) {
    case ENOENT:
    case ENOTDIR:
    case ENODEV:
    case ENXIO: return State::absent;
    case EACCES:
    case EPERM: return State::permission;
    case EOPNOTSUPP:
    case ENOSYS:
    case EPROTONOSUPPORT:
    case EAFNOSUPPORT: return State::unsupported;
    case ETIMEDOUT:
    case EAGAIN: return State::timeout;
    default: return State::parse;
  }
}

std::string_view name_of(State state) noexcept {
  constexpr std::string_view names[] = {"ok", "absent", "permission", "parse", "timeout", "unsupported"};
  return names[static_cast<std::size_t>(state)];
}

void throw_exception_from_error(const Fault& fault, const boost::source_location&) {
  throw boost::system::system_error(fault.code, to_string(fault));
}

}  // namespace vitald
