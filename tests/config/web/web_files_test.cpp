#include "config/web/web_files.hpp"

#include "tests/support/tree.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace web_files_test {

using namespace vitald::config;
namespace fs = std::filesystem;

namespace {

struct Folder {
  std::string path = (fs::temp_directory_path() / ("vitald.web." + std::to_string(::getpid()))).native();
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  std::string put(const std::string& name, std::string_view text) const {
    std::ofstream(path + "/" + name, std::ios::binary) << text;
    return path + "/" + name;
  }
};

constexpr const char* config = "tls_server_config: {cert_file: cert.pem, key_file: sub/key.pem}\n";

// As if they had been there for long.
std::vector<FileStamp> settled(std::vector<FileStamp> stamps) {
  for (auto& stamp : stamps) stamp.settled = true;
  return stamps;
}

}  // namespace

TEST_SUITE("config/web_files") {
  TEST_CASE("files lie beside the one that names them") {
    const Folder folder;
    fs::create_directory(folder.path + "/sub");
    folder.put("cert.pem", "CERT");
    folder.put("sub/key.pem", "KEY");
    const auto files = read_web_files(folder.put("web.yml", config));
    CHECK(files.faults.empty());
    CHECK(files.certificate == "CERT");
    CHECK(files.key == "KEY");
    CHECK(files.stamps.size() == 3);
    CHECK_FALSE(may_have_changed(settled(files.stamps)));
    CHECK(may_have_changed(files.stamps));  // so young that a further change might not show
  }

  TEST_CASE("what is wrong is told with file, line and key") {
    const Folder folder;
    const auto path = folder.put("web.yml", config);
    const auto files = read_web_files(path);
    REQUIRE(files.faults.size() == 2);
    CHECK(files.faults[0] ==
          path + ":1: tls_server_config.cert_file: " + folder.path + "/cert.pem: No such file or directory");
    CHECK(read_web_files(folder.path + "/none.yml").faults.front() ==
          folder.path + "/none.yml: No such file or directory");
    CHECK(read_web_files(folder.path).faults.front() == folder.path + ": it is no plain file");
    folder.put("cert.pem", "");
    CHECK(read_web_files(path).faults.front().ends_with("cert.pem: it is empty"));
    ::mkfifo((folder.path + "/pipe").c_str(), 0600);
    CHECK(read_web_files(folder.path + "/pipe").faults.front().ends_with("it is no plain file"));
    CHECK(read_web_files(folder.put("large", std::string((1 << 20) + 1, '#')))
              .faults.front()
              .ends_with("larger than 1 MiB"));
  }

  TEST_CASE(
      "a change shows: in place, by another file, by a swapped link, by "
      "coming and going") {
    const Folder folder;
    fs::create_directory(folder.path + "/sub");
    fs::create_directory(folder.path + "/old");
    fs::create_directory(folder.path + "/new");
    folder.put("old/cert.pem", "CERT");
    folder.put("new/cert.pem", "NEXT");
    folder.put("sub/key.pem", "KEY");
    fs::create_directory_symlink("old", folder.path + "/data");
    fs::create_symlink("data/cert.pem", folder.path + "/cert.pem");
    const auto path = folder.put("web.yml", config);
    const auto before = read_web_files(path);
    CHECK(before.certificate == "CERT");
    CHECK(before.digest == read_web_files(path).digest);

    fs::create_directory_symlink("new", folder.path + "/data_next");  // as a mounted secret is renewed
    fs::rename(folder.path + "/data_next", folder.path + "/data");
    CHECK(may_have_changed(settled(before.stamps)));
    const auto swapped = read_web_files(path);
    CHECK(swapped.certificate == "NEXT");
    CHECK(swapped.digest != before.digest);

    folder.put("sub/key.pem", "KEYS");
    CHECK(may_have_changed(settled(swapped.stamps)));
    fs::remove(folder.path + "/sub/key.pem");
    const auto gone = read_web_files(path);
    CHECK(gone.faults.size() == 1);
    CHECK_FALSE(may_have_changed(settled(gone.stamps)));
    folder.put("sub/key.pem", "KEY");
    CHECK(may_have_changed(gone.stamps));
  }
}

}  // namespace web_files_test
