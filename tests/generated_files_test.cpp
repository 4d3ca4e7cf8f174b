// The files that are made from the table of settings: the default configuration, the manual, the completions.
#include "tests/support/generated_files.hpp"

#include "config/file/keys.hpp"
#include "config/help.hpp"
#include "config/rules.hpp"
#include "daemon/switches.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace generated_files_test {

using namespace vitald;

namespace {

constexpr Option options[] = {
    {.flag = "log.level", .initial = "info", .help = "It's [a: b] \\d.", .group = "Log"},
    {.flag = "path.x", .initial = "", .help = "A path.", .is_path = true},
    {.flag = "collector.x", .kind = Option::Kind::boolean, .initial = "true", .help = "X."},
    {.flag = "collector.x.exclude", .kind = Option::Kind::regexp, .initial = "^-'~`\\.x", .help = "Exclude."},
    {.flag = "hidden", .initial = "", .help = "Hidden.", .hidden = true},
    {.flag = "list", .initial = "", .help = "Repeated.", .repeatable = true},
};

bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

// Every "#key: value" taken in.
std::string taken_in(std::string text) {
  for (auto at = text.find("\n#"); at != text.npos; at = text.find("\n#", at + 1))
    if (text[at + 2] != ' ' && text[at + 2] != '\n') text.erase(at + 1, 1);
  return text;
}

}  // namespace

TEST_SUITE("generated_files") {
  TEST_CASE("the default file, taken in whole, changes nothing") {
    const auto collectors = switches();
    const config::Vocabulary vocabulary(collectors);
    const auto text = test::default_file(vocabulary.options());
    CHECK(config::settings_of(text, "v", vocabulary.options()).given.empty());
    const auto file = config::settings_of(taken_in(text), "v", vocabulary.options());
    config::Parsed parsed;
    config::settle(file.given, vocabulary.options(), parsed);
    CHECK(file.errors == std::vector<std::string>{});
    CHECK(parsed.errors == std::vector<std::string>{});
    CHECK(parsed.warnings == std::vector<std::string>{});
    for (const auto& option : vocabulary.options()) {
      const bool listed = config::is_shown(option) && !option.flag_only && option.support == Option::Support::full;
      INFO(std::string(option.flag));
      CHECK(parsed.options.given(option.flag) == listed);
      if (listed && !option.repeatable) CHECK(parsed.options.text(option.flag) == option.initial);
    }
  }

  TEST_CASE("the manual shows each flag, its default and nothing that roff would take for its own") {
    const auto text = test::manual(options);
    CHECK(has(text, ".TP\n.B \\-\\-log.level=\\fITEXT\\fR\nIt\\(aqs [a: b] \\ed. (\\fBinfo\\fR)\n"));
    CHECK(has(text, ".TP\n.B \\-\\-\\fR[\\fBno\\-\\fR]\\fBcollector.x\n"));
    CHECK(has(text, "(\\fB\\(ha\\-\\(aq\\(ti\\(ga\\e.x\\fR)"));
    CHECK(has(text, "\\-\\-path.x=\\fIPATH"));
    CHECK(!has(text, "hidden"));
    for (const char* section : {"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "CONFIGURATION", "FILES", "SIGNALS",
                                "EXIT STATUS", "EXAMPLES", "SEE ALSO"})
      CHECK_MESSAGE(has(text, std::string("\n.SH ") + section + "\n"), section);
  }

  TEST_CASE("the completions know flags, switches, values and paths") {
    const auto bash = test::bash_completion(options), zsh = test::zsh_completion(options),
               fish = test::fish_completion(options);
    CHECK(has(bash, "    --log.level=\n"));
    CHECK(has(bash, "    --collector.x\n    --no-collector.x\n"));
    CHECK(has(bash, "compgen -W 'debug info warn error'"));
    CHECK(has(zsh, "'--log.level=[It'\\''s \\[a\\: b\\] \\\\d.]:TEXT:(debug info warn error)'"));
    CHECK(has(zsh, "'(--collector.x --no-collector.x)--collector.x[X.]'"));
    CHECK(has(zsh, "'*--list=[Repeated.]:TEXT:'"));
    CHECK(has(zsh, "'--path.x=[A path.]:PATH:_files -/'"));
    CHECK(has(fish, "complete -c vitald -l log.level -x -a 'debug info warn error' -d 'It\\'s [a: b] \\\\d.'\n"));
    CHECK(has(fish, "complete -c vitald -l no-collector.x -d 'X.'\n"));
    for (const auto* text : {&bash, &zsh, &fish}) CHECK(!has(*text, "hidden"));
  }

  TEST_CASE("values that are proposed are good ones") {
    const auto collectors = switches();
    const config::Vocabulary vocabulary(collectors);
    const auto good = [&](std::string_view flag, std::string_view value) {
      return config::fault_of_value(*std::ranges::find(vocabulary.options(), flag, &Option::flag), value).empty();
    };
    for (const char* level : {"debug", "info", "warn", "error"}) CHECK(good("log.level", level));
    for (const char* target : {"auto", "stderr", "journal", "syslog"}) CHECK(good("log.target", target));
    for (const char* format : {"logfmt", "json"}) CHECK(good("log.format", format));
  }
}

}  // namespace generated_files_test
