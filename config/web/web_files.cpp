#include "config/web/web_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <system_error>

namespace vitald::config {
namespace {

constexpr std::size_t most = std::size_t{1} << 20;
constexpr std::int64_t settling = 2'000'000'000;  // nanoseconds; some file systems count in whole seconds

std::int64_t nanoseconds(const timespec& time) { return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec; }

std::int64_t now() {
  timespec time{};
  ::clock_gettime(CLOCK_REALTIME, &time);
  return nanoseconds(time);
}

FileStamp stamp_of(const std::string& path, int error, const struct stat& said) {
  if (error != 0) return {.path = path, .error = error, .settled = true};
  const auto modified = nanoseconds(said.st_mtim), changed = nanoseconds(said.st_ctim);
  return {path,
          0,
          said.st_dev,
          said.st_ino,
          static_cast<std::uint64_t>(said.st_size),
          modified,
          changed,
          std::max(modified, changed) + settling < now()};
}

FileStamp look_at(const std::string& path) {
  struct stat said {};
  const int error = ::stat(path.c_str(), &said) == 0 ? 0 : errno;
  return stamp_of(path, error, said);
}

bool same(const FileStamp& a, const FileStamp& b) {
  return a.error == b.error && a.device == b.device && a.inode == b.inode && a.size == b.size &&
         a.modified == b.modified && a.changed == b.changed;
}

struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

std::string words_for(int error) { return std::generic_category().message(error); }

// Empty, or why there is no text.
std::string read_text(int file, std::size_t size, std::string& out) {
  out.resize(size + 1);  // one more tells whether it has grown
  std::size_t used = 0;
  while (used < out.size()) {
    const auto got = ::read(file, out.data() + used, out.size() - used);
    if (got < 0) return words_for(errno);
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
  }
  if (used == out.size()) return "it grows while it is read";
  out.resize(used);
  return {};
}

std::string read_file(const std::string& path, std::string& out, FileStamp& stamp) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat said {};
  if (file.number < 0 || ::fstat(file.number, &said) != 0) {
    const int error = errno;
    stamp = stamp_of(path, error, said);
    return words_for(error);
  }
  stamp = stamp_of(path, 0, said);
  if (!S_ISREG(said.st_mode)) return "it is no plain file";
  if (static_cast<std::size_t>(said.st_size) > most) return "it is larger than 1 MiB";
  return read_text(file.number, static_cast<std::size_t>(said.st_size), out);
}

class FilesReading {
 public:
  explicit FilesReading(const std::string& path) : path_(path) {}

  WebFiles read() {
    std::string text;
    auto& stamp = out_.stamps.emplace_back();
    if (const auto why = read_file(path_, text, stamp); !why.empty()) {
      out_.faults.push_back(path_ + ": " + why);
      return std::move(out_);
    }
    take_digest(text);
    auto said = read_web_config(text);
    for (const auto& fault : said.faults) out_.faults.push_back(fault_at(path_, fault.line, fault.text));
    for (auto& remark : said.remarks) out_.remarks.push_back(path_ + ": " + remark);
    out_.config = std::move(said.config);
    if (!out_.config.tls) return std::move(out_);
    take(out_.config.tls->cert, "cert_file", out_.certificate);
    take(out_.config.tls->key, "key_file", out_.key);
    take(out_.config.tls->client_ca, "client_ca_file", out_.client_ca);
    return std::move(out_);
  }

 private:
  void take_digest(std::string_view text) {
    out_.digest = out_.digest * 1'000'003 + std::hash<std::string_view>{}(text) + text.size();
  }

  void take(const WebConfig::Pem& pem, std::string_view key, std::string& out) {
    out = pem.text;
    if (pem.file.empty()) return;
    const auto file = (std::filesystem::path(path_).parent_path() / pem.file).native();
    auto why = read_file(file, out, out_.stamps.emplace_back());
    if (why.empty() && out.empty()) why = "it is empty";
    take_digest(out);
    if (!why.empty())
      out_.faults.push_back(
          fault_at(path_, pem.line, std::string("tls_server_config.").append(key) + ": " + file + ": " + why));
  }

  const std::string& path_;
  WebFiles out_;
};

}  // namespace

WebFiles read_web_files(const std::string& path) { return FilesReading(path).read(); }

bool may_have_changed(const std::vector<FileStamp>& stamps) {
  return std::ranges::any_of(
      stamps, [](const FileStamp& stamp) { return !stamp.settled || !same(stamp, look_at(stamp.path)); });
}

std::string fault_at(const std::string& path, std::size_t line, std::string_view text) {
  return path + ":" + std::to_string(line) + ": " + std::string(text);
}

}  // namespace vitald::config
