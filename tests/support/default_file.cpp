// config/vitald.yaml: every setting with its default, commented out.
#include "config/effective.hpp"
#include "config/help.hpp"
#include "config/vocabulary.hpp"
#include "tests/support/generated_files.hpp"

namespace vitald::test {
namespace {

constexpr std::string_view beginning =
    "# Settings of vitald, see vitald(8). Each stands here with its default, commented out: what is taken in counts.\n"
    "#\n"
    "# A key is a flag's name without its dashes; each of its dots may begin a map instead (web: {freshness: 1s}).\n"
    "# Files conf.d/*.yaml beside this one go before it, in the order of their names; flags go before all files.\n"
    "# To look for faults:  vitald --config.file=THIS --check-config      what counts:  --print-config\n";

std::string as_comment(std::string_view text) {
  std::string out;
  auto lines = config::wrapped(text, 2, 120);
  for (std::string_view rest = lines; !rest.empty();) {
    const auto end = rest.find('\n');
    out.append("#").append(rest.substr(1, end));
    rest.remove_prefix(end + 1);
  }
  return out;
}

bool belongs(const Option& option) {
  return config::is_shown(option) && !option.flag_only && option.support == Option::Support::full;
}

std::string initial_of(const Option& option) {
  const auto scalar = config::yaml_scalar(option.initial);
  if (!option.repeatable) return scalar;
  return option.initial.empty() ? "[]" : "[" + scalar + "]";
}

void write(const Option& option, bool after_switch, std::string& out) {
  const auto line = std::string("#").append(option.flag).append(": ").append(initial_of(option));
  if (config::collector_of(option).empty()) {
    out.append("\n").append(as_comment(option.help)).append(line).append("\n");
    return;
  }
  if (!after_switch) out += "\n";
  auto together = line;
  together.resize(std::max<std::size_t>(line.size() + 2, 40), ' ');
  out.append(together).append("# ").append(option.help).append("\n");
}

}  // namespace

std::string default_file(std::span<const Option> options) {
  std::string out(beginning);
  for (const auto group : config::groups_of(options)) {
    std::string settings;
    bool after_switch = false;
    for (const auto& option : options) {
      if (!belongs(option) || config::group_of(option) != group) continue;
      write(option, after_switch, settings);
      after_switch = !config::collector_of(option).empty();
    }
    if (!settings.empty()) out.append("\n# ---- ").append(group).append(settings);
  }
  return out;
}

}  // namespace vitald::test
