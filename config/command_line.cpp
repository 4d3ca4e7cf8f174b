#include "config/command_line.hpp"

#include "config/nearest.hpp"
#include "config/rules.hpp"
#include "config/words.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <utility>

namespace vitald::config {
namespace {

CLI::Option* declare(CLI::App& app, const Option& option) {
  const auto name = "--" + std::string(option.flag);
  auto* added = option.kind == Option::Kind::boolean
                    ? app.add_flag((option.flag == "help" ? "-h," : "") + name + ",!--no-" + std::string(option.flag))
                    : app.add_option(name)->expected(0, 1);  // 0: so that we hear of all missing values at once
  return added->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

bool spells(std::string_view word, const Option& option) {
  if (!word.starts_with("--")) return false;
  word.remove_prefix(2);
  return word == option.flag || (word.starts_with("no-") && word.substr(3) == option.flag);
}

// CLI11 compares each new option with all before it: two hundred take 20 ms, so it is told of those that occur.
bool occurs(const Option& option, const Words& words) {
  return option.flag == "help" ||  // may be -h
         std::ranges::any_of(words.marked, [&](std::string_view word) { return spells(word, option); });
}

Given given(const Option& option, const CLI::Option& found, const Words& words, std::vector<std::string>& errors) {
  Given all{&option, {}};
  for (const auto& result : found.results()) {
    if (option.kind == Option::Kind::boolean)
      all.values.push_back(result);
    else if (const auto* value = words.value(result))
      all.values.push_back(value->text);
    else
      errors.push_back("--" + std::string(option.flag) + " needs a value");
  }
  return all;
}

// What CLI11 had no place for. The value of an unknown flag is told with it, so not once more.
class Leftovers {
 public:
  Leftovers(std::span<const Option> options, const Words& words, std::vector<std::string>& errors)
      : options_(options), words_(words), errors_(errors) {}

  void tell(const std::string& word) {
    const auto* value = words_.value(word);
    if (value == nullptr)
      tell_unknown(word);
    else if (value->flag.empty() || (known(value->flag) && !value->attached))
      errors_.push_back("unexpected word \"" + value->text + "\"");
    else if (known(value->flag))
      errors_.push_back(value->flag + " takes no value, but \"" + value->text + "\" is given");
  }

 private:
  bool known(std::string_view word) const {
    return std::ranges::any_of(options_, [&](const Option& option) { return spells(word, option); });
  }
  void tell_unknown(const std::string& word) {
    const auto meant = nearest(word, options_);
    errors_.push_back("unknown flag " + word + (meant.empty() ? "" : ", did you mean " + meant + "?"));
  }

  std::span<const Option> options_;
  const Words& words_;
  std::vector<std::string>& errors_;
};

}  // namespace

CommandLine read_command_line(int argc, const char* const* argv, std::span<const Option> options) {
  CommandLine line;
  const std::span all(argv, static_cast<std::size_t>(argc));
  const auto words = read_words(all.subspan(all.empty() ? 0 : 1), line.errors);
  try {
    CLI::App app;
    app.set_help_flag();
    app.allow_extras();
    std::vector<std::pair<const Option*, const CLI::Option*>> declared;
    for (const auto& option : options)
      if (occurs(option, words)) declared.emplace_back(&option, declare(app, option));
    app.parse(std::vector<std::string>(words.marked.rbegin(), words.marked.rend()));
    Leftovers leftovers(options, words, line.errors);
    for (const auto& word : app.remaining()) leftovers.tell(word);
    for (const auto& [option, found_there] : declared) {
      auto found = given(*option, *found_there, words, line.errors);
      if (!found.values.empty()) line.given.push_back(std::move(found));
    }
  } catch (const CLI::Error& error) {
    line.errors.push_back(error.what());
  }
  return line;
}

Parsed parse(int argc, const char* const* argv, std::span<const Option> options) {
  Parsed parsed;
  auto line = read_command_line(argc, argv, options);
  parsed.errors = std::move(line.errors);
  settle(line.given, options, parsed);
  return parsed;
}

}  // namespace vitald::config
