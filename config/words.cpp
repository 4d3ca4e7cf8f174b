#include "config/words.hpp"

#include "collectors/base/scan.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>

namespace vitald::config {
namespace {

// Appends the file's lines but those that begin with #. They may end as those of DOS do.
bool append_lines(const char* path, std::vector<std::string>& out) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::fopen(path, "re"), std::fclose};
  if (!file) return false;
  std::string text;
  char part[4096];
  while (const auto n = std::fread(part, 1, sizeof part, file.get())) text.append(part, n);
  if (std::ferror(file.get())) return false;
  for (std::string_view rest = text; !rest.empty();) {
    auto line = scan::take_line(rest);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.starts_with('#')) out.emplace_back(line);
  }
  return true;
}

std::vector<std::string> expanded(std::span<const char* const> arguments, std::vector<std::string>& errors) {
  std::vector<std::string> all;
  for (const char* argument : arguments) {
    if (argument[0] != '@' || argument[1] == '\0') {
      all.emplace_back(argument);
    } else if (!append_lines(argument + 1, all)) {
      errors.push_back(std::string(argument) + ": " + std::strerror(errno));
    }
  }
  return all;
}

class Reader {
 public:
  explicit Reader(std::vector<std::string>& errors) : errors_(errors) {}

  void read(const std::string& word) {
    if (only_values_ || !word.starts_with('-')) {
      value(word, std::exchange(flag_, {}), false);
    } else if (word == "--") {
      only_values_ = true;
      flag_.clear();
    } else if (word.starts_with("--=")) {
      errors_.push_back("unknown flag " + word);
    } else if (word.starts_with("--")) {
      long_flag(word);
    } else {
      words.marked.push_back(word);
      flag_.clear();
    }
  }

  Words words;

 private:
  void long_flag(const std::string& word) {
    const auto equals = word.find('=');
    flag_ = word.substr(0, equals);
    words.marked.push_back(flag_);
    if (equals != word.npos) value(word.substr(equals + 1), std::exchange(flag_, {}), true);
  }
  void value(std::string text, std::string flag, bool attached) {
    words.marked.push_back("#" + std::to_string(words.values.size()));
    words.values.push_back({std::move(text), std::move(flag), attached});
  }

  std::vector<std::string>& errors_;
  std::string flag_;          // the last word, when it was a flag that may still get a value
  bool only_values_ = false;  // after --
};

}  // namespace

const Words::Value* Words::value(std::string_view word) const {
  std::size_t number;
  if (!word.starts_with('#') || !scan::number(word.substr(1), number) || number >= values.size()) return nullptr;
  return &values[number];
}

Words read_words(std::span<const char* const> arguments, std::vector<std::string>& errors) {
  Reader reader(errors);
  for (const auto& word : expanded(arguments, errors)) reader.read(word);
  return std::move(reader.words);
}

}  // namespace vitald::config
