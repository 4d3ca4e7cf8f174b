// config/completions/*: what shells propose for vitald's flags and their values.
#include "config/help.hpp"
#include "tests/support/generated_files.hpp"

namespace vitald::test {
namespace {

constexpr std::string_view mark = "# Written from the table of settings: ninja -C build/release docs\n";

struct Choice {
  std::string_view flag, values;
};
constexpr Choice choices[] = {{"log.level", "debug info warn error"},
                              {"log.format", "logfmt json"},
                              {"log.target", "auto stderr journal syslog"}};

std::string_view choices_of(const Option& option) {
  for (const auto& [flag, values] : choices)
    if (option.flag == flag) return values;
  return {};
}

bool is_folder(const Option& option) {
  return option.flag.starts_with("path.") || option.flag.ends_with(".directory") || option.flag.ends_with("dir");
}

bool is_file(const Option& option) { return option.flag.ends_with("file"); }

template <class Write>
void each(std::span<const Option> options, const Write& write) {
  for (const auto& option : options)
    if (config::is_shown(option)) write(option);
}

// In single quotes of the shell; `special` gets a backslash.
std::string quoted(std::string_view text, std::string_view special, std::string_view quote) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += quote;
      continue;
    }
    if (special.find(c) != special.npos) out += '\\';
    out += c;
  }
  return out;
}

// "a|b" patterns of case; "" matches nothing that is a flag.
std::string pattern(std::span<const Option> options, bool (*fits)(const Option&)) {
  std::string out;
  each(options, [&](const Option& option) {
    if (fits(option)) out.append(out.empty() ? "" : "|").append("--").append(option.flag);
  });
  return out.empty() ? "''" : out;
}

std::string zsh_action(const Option& option) {
  if (option.kind == Option::Kind::boolean) return {};
  const std::string value = std::string(":").append(config::placeholder(option)).append(":");
  if (const auto values = choices_of(option); !values.empty()) return value + "(" + std::string(values) + ")";
  return value + (is_folder(option) ? "_files -/" : is_file(option) ? "_files" : "");
}

std::string zsh_line(const Option& option, std::string_view name, std::string_view other) {
  std::string line = "    '";
  if (option.repeatable)
    line += "*";
  else if (!other.empty())
    line.append("(--").append(name).append(" --").append(other).append(")");
  line.append("--").append(name).append(option.kind == Option::Kind::boolean ? "[" : "=[");
  return line.append(quoted(option.help, "[]:\\", "'\\''")).append("]").append(zsh_action(option)).append("' \\\n");
}

void fish_line(const Option& option, std::string_view name, std::string& out) {
  out.append("complete -c vitald -l ").append(name);
  if (option.flag == "help") out += " -s h";
  if (option.kind != Option::Kind::boolean) {
    const auto values = choices_of(option);
    out += is_file(option) || is_folder(option) ? " -r -F" : " -x";
    if (!values.empty()) out.append(" -a '").append(values).append("'");
  }
  out.append(" -d '").append(quoted(option.help, "\\", "\\'")).append("'\n");
}

}  // namespace

std::string bash_completion(std::span<const Option> options) {
  std::string flags;
  each(options, [&](const Option& option) {
    const auto equals = option.kind == Option::Kind::boolean ? "" : "=";
    flags.append("    --").append(option.flag).append(equals).append("\n");
    if (config::has_no_form(option)) flags.append("    --no-").append(option.flag).append("\n");
  });
  std::string out = "# bash completion of vitald(8)\n" + std::string(mark) + R"(
_vitald() {
  local cur=${COMP_WORDS[COMP_CWORD]} flag=${COMP_WORDS[COMP_CWORD-1]}
  [[ $cur == = ]] && cur=  # "=" is a word of its own
  [[ $flag == = ]] && flag=${COMP_WORDS[COMP_CWORD-2]}
  [[ ${COMP_WORDS[COMP_CWORD]} == = ]] && flag=${COMP_WORDS[COMP_CWORD-1]}
  case $flag in
)";
  for (const auto& [flag, values] : choices)
    out.append("    --")
        .append(flag)
        .append(") COMPREPLY=($(compgen -W '")
        .append(values)
        .append("' -- \"$cur\")); return ;;\n");
  out.append("    ")
      .append(pattern(options, is_folder))
      .append(")\n      compopt -o filenames; COMPREPLY=($(compgen -d -- \"$cur\")); return ;;\n");
  out.append("    ")
      .append(pattern(options, is_file))
      .append(")\n      compopt -o filenames; COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n");
  return out
      .append(R"(  esac
  if ((COMP_CWORD == 1)) && [[ $cur != -* ]]; then
    COMPREPLY=($(compgen -W 'check diff health ps' -- "$cur"))
    return
  fi
  [[ $cur == -* ]] || return
  COMPREPLY=($(compgen -W '
)")
      .append(flags)
      .append(R"(  ' -- "$cur"))
  [[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace
}
complete -F _vitald vitald
)");
}

std::string zsh_completion(std::span<const Option> options) {
  std::string out = "#compdef vitald\n# zsh completion of vitald(8)\n" + std::string(mark) + R"(
_vitald() {
  if [[ $words[2] == diff ]]; then
    _arguments '*:URL:_urls'
    return
  fi
  _arguments \
    '1::command:(check diff health ps)' \
)";
  each(options, [&](const Option& option) {
    const auto no = "no-" + std::string(option.flag);
    out += zsh_line(option, option.flag, config::has_no_form(option) ? no : "");
    if (config::has_no_form(option)) out += zsh_line(option, no, option.flag);
  });
  out.resize(out.size() - 3);
  return out + "\n}\n\n_vitald \"$@\"\n";
}

std::string fish_completion(std::span<const Option> options) {
  std::string out =
      "# fish completion of vitald(8)\n" + std::string(mark) +
      "\ncomplete -c vitald -f\n"
      "complete -c vitald -n __fish_use_subcommand -a check -d 'What it can see here, and what it lacks'\n"
      "complete -c vitald -n __fish_use_subcommand -a ps -d 'Processes of a running daemon'\n"
      "complete -c vitald -n __fish_use_subcommand -a diff -d 'Compare pages'\n"
      "complete -c vitald -n __fish_use_subcommand -a health -d 'Whether a running daemon lives'\n";
  each(options, [&](const Option& option) {
    fish_line(option, option.flag, out);
    if (config::has_no_form(option)) fish_line(option, "no-" + std::string(option.flag), out);
  });
  return out;
}

}  // namespace vitald::test
