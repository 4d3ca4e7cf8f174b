#include "tests/support/running.hpp"

#include "collectors/base/scan.hpp"
#include "http/encode/exposition.hpp"
#include "http/encode/json.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

namespace vitald::test {

void FakeProbe::ask(std::span<Question> questions, std::chrono::milliseconds) {
  for (auto& question : questions) {
    asked.emplace_back(question.path);
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

Running::Running(const Tree& tree, std::string_view collector, const Flags& flags)
    : environment_{tree.roots(), options_, sources_, probe} {
  const auto& found = entry(collector);
  for (const auto& option : found.options) options_.declare(option);
  for (const auto& [flag, value] : flags) options_.give(flag, {value});
  collector_ = found.make(environment_);
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
