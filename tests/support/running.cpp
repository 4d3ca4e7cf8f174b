#include "tests/support/running.hpp"

#include "collectors/base/scan.hpp"
#include "http/encode/exposition.hpp"
#include "http/encode/foreign.hpp"
#include "http/encode/json.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

namespace vitald::test {

namespace {

class ToString final : public FileSink {
 public:
  explicit ToString(std::string& out) : out_(out) {}
  bool take(std::string_view bytes) override { return out_.append(bytes), true; }

 private:
  std::string& out_;
};

void ask_files(Probe::Question& question) {
  question.bytes->clear();
  const std::string path(question.path);
  if (question.wants == Probe::Wants::files) {
    question.error = UserFiles().list(path, Links::follow, *question.bytes);
    return;
  }
  ToString sink(*question.bytes);
  question.error = read_user_file(path.c_str(), Links::follow, question.stamp, sink);
}

}  // namespace

void FakeProbe::ask(std::span<Question> questions, std::chrono::milliseconds) {
  for (auto& question : questions) {
    asked.emplace_back(question.path);
    if (question.wants == Wants::facts) {
      question.error = silent ? ETIMEDOUT : ask_path(std::string(question.path).c_str(), Links::follow, question.facts);
      continue;
    }
    if (question.wants != Wants::size) {
      if (silent)
        question.error = ETIMEDOUT;
      else
        ask_files(question);
      continue;
    }
    const auto found = answers.find(question.path);
    question.error = found == answers.end() ? ENOENT : found->second.error;
    if (question.error == 0) question.size = found->second.size;
  }
}

const Entry& entry(std::string_view collector) {
  for (const auto* each : catalog())
    if (each->name == collector) return *each;
  FAIL("no collector " << std::string(collector));
  std::abort();
}

void give(Options& options, const Flags& flags) {
  std::map<std::string, std::vector<std::string>> all;
  for (const auto& [flag, value] : flags) all[flag].push_back(value);
  for (auto& [flag, values] : all) options.give(flag, std::move(values));
}

Running::Running(const Tree& tree, std::string_view collector, const Flags& flags)
    : environment_{tree.roots(), options_, sources_, probe, probe, probe, remarks} {
  const auto& found = entry(collector);
  for (const auto& option : found.options) options_.declare(option);
  give(options_, flags);
  collector_ = found.make(environment_);
}

std::string Running::json_of(std::string_view table) const {
  Out out;
  page_.each([&](const Rows& rows) {
    if (rows.layout->name == table) encode::json(rows, out);
  });
  if (table == "families" && page_.foreign)
    encode::json(*page_.foreign, std::vector<bool>(page_.foreign->families.size()), out);
  return std::string(out.view());
}

Result<void> Running::collect() {
  sources_.next_generation();
  page_.rewind();
  return collector_->collect(page_);
}

std::string Running::text() {
  const auto done = collect();
  REQUIRE_MESSAGE(done.has_value(), to_string(done.error()));
  Out out;
  encode::Exposition exposition;
  page_.each([&](const Rows& rows) { exposition.write(rows, out); });
  if (page_.foreign)
    for (const auto& family : page_.foreign->families) encode::exposition(family, out);
  return std::string(out.view());
}

std::string Running::json() {
  const auto done = collect();
  REQUIRE_MESSAGE(done.has_value(), to_string(done.error()));
  Out out;
  page_.each([&](const Rows& rows) { encode::json(rows, out); });
  return std::string(out.view());
}

std::string lines(std::string_view text, std::string_view start) {
  std::string found;
  while (!text.empty()) {
    const auto line = scan::take_line(text);
    if (line.starts_with(start)) found.append(line).push_back('\n');
  }
  return found;
}

}  // namespace vitald::test
