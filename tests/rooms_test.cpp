// Arrows point one way: which room may include which, and who alone may know a library.
#include "collectors/base/scan.hpp"
#include "tests/support/places.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace rooms_test {

namespace fs = std::filesystem;
using vitald::scan::take_line;

namespace {

using Starts = std::vector<std::string_view>;

bool begins_with_one_of(std::string_view text, const Starts& starts) {
  return std::ranges::any_of(starts, [&](std::string_view start) { return text.starts_with(start); });
}

// What the file may include of ours. Of the rooms that a rule is for, the longest name counts.
std::vector<std::string_view> may_include(std::string_view file) {
  if (file.starts_with("collectors/base/")) return {"collectors/base/"};
  if (file.starts_with("collectors/"))
    return {"collectors/base/", file.substr(0, file.find('/', std::string_view("collectors/").size()) + 1)};
  if (file.starts_with("config/"))
    return {"config/",
            "collectors/base/group_rules.hpp",
            "collectors/base/option.hpp",
            "collectors/base/filter.hpp",
            "collectors/base/duration.hpp",
            "collectors/base/result.hpp",
            "collectors/base/scan.hpp",
            "collectors/base/out.hpp"};
  if (file.starts_with("http/")) return {"http/", "collectors/base/"};
  return {"daemon/", "http/", "config/", "collectors/"};
}

// Libraries, and who alone may include them.
struct Library {
  std::string_view start;
  Starts files;
};
const std::vector<Library> libraries = {
    {"boost/beast", {"daemon/"}},
    {"boost/asio", {"daemon/", "http/poller.", "http/server.", "http/session."}},
    {"boost/system", {"collectors/base/result."}},
    {"boost/", {"daemon/", "http/poller.", "http/server.", "http/session.", "collectors/base/result."}},
    {"CLI/", {"config/command_line.cpp"}},
    {"prometheus/", {"daemon/own_metrics.cpp"}},
    {"re2/", {"collectors/base/expression.cpp", "collectors/base/filter.cpp", "collectors/base/quiet_re2.hpp"}},
    {"yaml-cpp/", {"daemon/diff/rules.cpp", "config/file/group_file.cpp", "config/file/leaves.cpp"}},
    {"isa-l", {"http/encode/gzip.cpp"}},
    {"igzip", {"http/encode/gzip.cpp"}},
    {"dlfcn.h", {"collectors/service/sd_bus.cpp", "http/tls/openssl.cpp"}},
    {"openssl/", {"http/tls/"}},
    {"crypt.h", {"http/auth/bcrypt.cpp"}},
    {"nettle/", {"http/auth/"}},
    {"nlohmann/", {"daemon/diff/dashboards.cpp", "daemon/follow/events.cpp", "daemon/ps/listing.cpp"}},
    {"iostream", {}},
    {"sstream", {}},
    {"regex", {}},
};

// Why the file may not have this line; empty when it may.
std::string fault_of(std::string_view file, std::string_view line) {
  constexpr std::string_view include = "#include ";
  if (!line.starts_with(include)) return {};
  line.remove_prefix(include.size());
  const bool ours = line.starts_with('"');
  line.remove_prefix(1);
  const auto what = line.substr(0, line.find_first_of("\">"));
  const auto told = std::string(file).append(" includes ").append(what);
  if (ours) return begins_with_one_of(what, may_include(file)) ? "" : told;
  for (const auto& library : libraries)
    if (what.starts_with(library.start) && !begins_with_one_of(file, library.files)) return told;
  return {};
}

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_SUITE("rooms") {
  TEST_CASE("every include line keeps to the plan") {
    std::size_t lines = 0;
    for (const char* room : {"collectors", "config", "daemon", "http"})
      for (const auto& each : fs::recursive_directory_iterator(fs::path(vitald::test::source_tree) / room)) {
        if (!each.is_regular_file()) continue;
        const auto name = fs::relative(each.path(), vitald::test::source_tree).native();
        const auto text = text_of(each.path());
        for (std::string_view rest = text; !rest.empty();) {
          const auto line = take_line(rest);
          lines += line.starts_with("#include ");
          CHECK(fault_of(name, line) == "");
        }
      }
    CHECK(lines > 300);
  }

  TEST_CASE("lines that lead the wrong way are seen") {
    CHECK(fault_of("collectors/disk/udev.cpp", "#include \"collectors/disk/udev.hpp\"") == "");
    CHECK(fault_of("collectors/disk/udev.cpp", "#include \"collectors/cpu/sysfs.hpp\"") != "");
    CHECK(fault_of("collectors/base/page.hpp", "#include \"collectors/disk/udev.hpp\"") != "");
    CHECK(fault_of("config/rules.cpp", "#include \"collectors/base/filter.hpp\"") == "");
    CHECK(fault_of("config/rules.cpp", "#include \"collectors/base/collector.hpp\"") != "");
    CHECK(fault_of("config/rules.cpp", "#include \"http/api.hpp\"") != "");
    CHECK(fault_of("http/api/metrics.cpp", "#include \"daemon/version.hpp\"") != "");
    CHECK(fault_of("http/api/metrics.cpp", "#include \"collectors/disk/udev.hpp\"") != "");
    CHECK(fault_of("http/api/metrics.cpp", "#include <boost/asio/post.hpp>") != "");
    CHECK(fault_of("http/session.cpp", "#include <boost/asio/post.hpp>") == "");
    CHECK(fault_of("config/settings.cpp", "#include <CLI/App.hpp>") != "");
    CHECK(fault_of("collectors/cpu/cpu.cpp", "#include <re2/re2.h>") != "");
    CHECK(fault_of("http/encode/json.cpp", "#include <isa-l/igzip_lib.h>") != "");
    CHECK(fault_of("daemon/main.cpp", "#include <prometheus/gauge.h>") != "");
  }
}

}  // namespace rooms_test
