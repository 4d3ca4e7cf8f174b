#include "daemon/exporter_words.hpp"

#include <algorithm>
#include <optional>

namespace vitald {
namespace {

struct ExporterFlag {
  enum class Kind : std::uint8_t { value, boolean, missing };
  std::string_view theirs, ours;
  Kind kind = Kind::value;
};
using Kind = ExporterFlag::Kind;
constexpr ExporterFlag exporter_flags[] = {
    {"web.listen-address", "process.listen-address"},
    {"web.telemetry-path", "web.telemetry-path"},
    {"web.config.file", "web.config.file"},
    {"procfs", "path.procfs"},
    {"config.path", "process.config.file"},
    {"recheck-with-time-limit", "process.recheck-with-time-limit"},
    {"children", "process.children", Kind::boolean},
    {"threads", "process.threads", Kind::boolean},
    {"gather-smaps", "process.gather-smaps", Kind::boolean},
    {"recheck", "process.recheck", Kind::boolean},
    {"remove-empty-groups", "process.remove-empty-groups", Kind::boolean},
    {"debug", "log.level=debug", Kind::boolean},
    {"version", "version", Kind::boolean},
    {"man", "help", Kind::boolean},
    {"help", "help", Kind::boolean},
    {"h", "help", Kind::boolean},
    {"procnames", "", Kind::missing},
    {"namemapping", "", Kind::missing},
    {"once-to-stdout-delay", "", Kind::missing},
};

std::optional<bool> truth(std::string_view text) {
  for (const std::string_view yes : {"1", "t", "T", "true", "TRUE", "True"})
    if (text == yes) return true;
  for (const std::string_view no : {"0", "f", "F", "false", "FALSE", "False"})
    if (text == no) return false;
  return {};
}

class Translation {
 public:
  explicit Translation(std::span<char* const> rest) : rest_(rest) {}

  void run(ExporterWords& out) {
    while (next_ < rest_.size() && out.fault.empty()) {
      const std::string_view word = rest_[next_++];
      if (!word.starts_with('-') || word == "-" || word == "--") break;  // it looks at nothing behind
      take(word, out);
    }
    if (!listens_) out.words.emplace_back("--process.listen-address=:9256");
  }

 private:
  void take(std::string_view word, ExporterWords& out) {
    auto name = word.substr(word.starts_with("--") ? 2 : 1);
    const auto equals = name.find('=');
    const auto value = equals == name.npos ? std::nullopt : std::optional(name.substr(equals + 1));
    name = name.substr(0, equals);
    const auto* const flag = std::ranges::find(exporter_flags, name, &ExporterFlag::theirs);
    if (flag == std::end(exporter_flags)) {
      if (!word.starts_with("--")) out.fault = "there is no flag " + std::string(word);
      out.words.emplace_back(word);
    } else if (flag->kind == Kind::missing) {
      out.fault = std::string(word) + " is not here: name groups in a file, by -config.path";
    } else if (flag->kind == Kind::boolean) {
      take_boolean(*flag, value, out);
    } else {
      take_value(*flag, value, out);
    }
  }

  void take_boolean(const ExporterFlag& flag, std::optional<std::string_view> value, ExporterWords& out) {
    const auto on = value ? truth(*value) : std::optional(true);
    const auto name = std::string(flag.ours);
    const bool is_question = flag.ours == "version" || flag.ours == "help" || flag.ours.starts_with("log.");
    if (!on)
      out.fault = "-" + std::string(flag.theirs) + "=" + std::string(*value) + ": that is not true or false";
    else if (!is_question)
      out.words.push_back(*on ? "--" + name : "--no-" + name);
    else if (*on)
      out.words.push_back("--" + name);
  }

  void take_value(const ExporterFlag& flag, std::optional<std::string_view> value, ExporterWords& out) {
    if (!value && next_ == rest_.size()) {
      out.fault = "-" + std::string(flag.theirs) + " wants a value";
      return;
    }
    const std::string given(value ? *value : std::string_view(rest_[next_++]));
    listens_ |= flag.theirs == "web.listen-address";
    out.words.push_back("--" + std::string(flag.ours) + "=" + given);
  }

  std::span<char* const> rest_;
  std::size_t next_ = 0;
  bool listens_ = false;
};

}  // namespace

bool is_process_exporter(std::string_view program) {
  const auto name = program.substr(program.rfind('/') + 1);
  return name == "process-exporter" || name == "prometheus-process-exporter";
}

// All that is its own: groups on that port, and no port of ours.
ExporterWords exporter_words(std::span<char* const> argv) {
  ExporterWords out;
  out.words = {argv[0], "--web.listen-address=none", "--collector.disable-defaults"};
  Translation(argv.subspan(1)).run(out);
  return out;
}

}  // namespace vitald
