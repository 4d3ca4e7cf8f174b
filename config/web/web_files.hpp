#pragma once
// A web configuration file with the files that it names, as they are at one moment.
#include "config/web/web_config.hpp"

namespace vitald::config {

// What tells whether a file is still the one that was read, also behind links.
struct FileStamp {
  std::string path;
  int error = 0;  // of looking at it
  std::uint64_t device = 0, inode = 0, size = 0;
  std::int64_t modified = 0, changed = 0;  // nanoseconds of Unix time
  bool settled = false;                    // old enough that a further change must show
};

struct WebFiles {
  WebConfig config;                 // whole when there are no faults
  std::vector<std::string> faults;  // with file, line and key
  std::vector<std::string> remarks;
  std::string certificate, key, client_ca;  // in PEM
  std::vector<FileStamp> stamps;
  std::size_t digest = 0;  // of all their contents
};

// Both wait for files: not for the loop.
WebFiles read_web_files(const std::string& path);
bool may_have_changed(const std::vector<FileStamp>& stamps);

// "web.yml:3: tls_server_config.cert_file: …"
std::string fault_at(const std::string& path, std::size_t line, std::string_view text);

}  // namespace vitald::config
