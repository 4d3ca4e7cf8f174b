#pragma once
#include "collectors/base/page.hpp"

#include <optional>

namespace vitald::kernel {

struct Release {
  Text build_id, id, id_like, image_id, image_version, name, pretty_name, variant, variant_id, version,
      version_codename, version_id;
  std::optional<double> version_number;     // of VERSION_ID, where it begins with one above 0
  std::optional<std::int64_t> support_end;  // seconds since 1970, where SUPPORT_END is a date
};

Result<void> parse_os_release(std::string_view text, Release& out);  // os-release(5)

}  // namespace vitald::kernel
