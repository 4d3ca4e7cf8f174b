// Whether SELinux is enabled, and whether it forbids or only tells, from /sys/fs/selinux and /etc/selinux/config.
#include "collectors/kernel/selinux.hpp"

#include "collectors/base/collector.hpp"
#include "collectors/base/kernel_file.hpp"
#include "collectors/base/quoted.hpp"
#include "collectors/base/scan.hpp"

#include <unistd.h>

#include <cerrno>
#include <optional>
#include <string>

namespace vitald::kernel {
namespace {

constexpr std::int64_t disabled = -1, permissive = 0, enforcing = 1;

struct Mode {
  std::int64_t enabled = 0;
  std::optional<std::int64_t> configured, current;
};

}  // namespace

// ---- parse: text -> rows

Result<std::int64_t> parse_selinux_config(std::string_view text) {
  constexpr std::string_view source = "selinux/config";
  Text mode;
  for (std::size_t line = 1; !text.empty(); ++line) {
    auto rest = trimmed(scan::take_line(text));
    const auto name = trimmed(scan::take_until(rest, '='));
    if (name != "SELINUX" || !unquoted(rest, mode)) continue;
    if (mode == "enforcing") return enforcing;
    if (mode == "permissive") return permissive;
    if (mode == "disabled") return disabled;
    return Fault{Parse::unknown_layout, source, line};
  }
  return Fault{Parse::truncated, source};
}

// ---- describe: rows -> families, JSON, handbook

namespace {

constexpr Column columns[] = {
    gauge<&Mode::configured>("selinux_config_mode",
                             "What the configuration wants: 1 enforcing, 0 permissive, else -1."),
    gauge<&Mode::current>("selinux_current_mode", "How it is: 1 enforcing, 0 permissive."),
    gauge<&Mode::enabled>("selinux_enabled", "1 where SELinux is enabled, else 0."),
};
constinit const Table<Mode> table{{"selinux", "/sys/fs/selinux, /etc/selinux/config", {}, columns}};

// ---- read: kernel -> text

class Selinux final : public Collector {
 public:
  explicit Selinux(const Environment& environment)
      : folder_(environment.roots.sys + "/fs/selinux"),
        enforce_(environment.roots.sys + "/fs/selinux/enforce", KernelFile::Holds::value),
        label_(environment.roots.proc + "/self/attr/current", KernelFile::Holds::value),
        config_(below(environment.roots.rootfs, "/etc/selinux/config")) {}

  Result<void> collect(Page& page) override {
    auto& row = page.sheet(table).next();
    if (off_for_good_) return {};
    const auto text = enforce_.read();
    if (!text && state_of(text.error()) == State::absent) {
      off_for_good_ = no_folder();
      return {};
    }
    if (!text) return text.error();
    if (*text != "0" && *text != "1") return Fault{Parse::not_a_number, enforce_.path(), 1};
    if (!has_policy()) return {};
    const auto configured = read_config();
    if (!configured) return configured.error();
    row = {1, *configured, *text == "1" ? enforcing : permissive};
    return {};
  }

 private:
  // The kernel makes it when it starts, with SELinux, or never; what is mounted there comes later.
  bool no_folder() const {
    return ::access(folder_.c_str(), F_OK) != 0 && errno == ENOENT && only_kernel_adds(folder_);
  }

  // Until a policy is loaded every process has the label of the kernel.
  bool has_policy() {
    const auto text = label_.read();
    return !text || text->substr(0, text->find_first_of(std::string_view("\0\n", 2))) != "kernel";
  }
  Result<std::int64_t> read_config() {
    const auto text = config_.read();
    if (text) return parse_selinux_config(*text);
    if (state_of(text.error()) == State::absent) return disabled;
    return text.error();
  }
  static std::string below(std::string_view root, std::string_view path) {
    while (root.ends_with('/')) root.remove_suffix(1);
    return std::string(root).append(path);
  }

  std::string folder_;
  KernelFile enforce_, label_, config_;
  bool off_for_good_ = false;
};

constexpr const Layout* layouts[] = {&table};

}  // namespace

extern constinit const Entry selinux;
constinit const Entry selinux{"selinux",
                              "SELinux and its mode.",
                              true,
                              Entry::Runs::fast,
                              make<Selinux>,
                              layouts,
                              {},
                              "CONFIG_SECURITY_SELINUX, else it is told to be off."};

}  // namespace vitald::kernel
