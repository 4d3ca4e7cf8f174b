#include "collectors/base/filter.hpp"

#include "collectors/base/quiet_re2.hpp"

namespace vitald {
namespace {

RE2::Options without_captures() {
  auto options = quiet_re2();
  options.set_never_capture(true);
  return options;
}

std::string_view exclude_of(const Options& options, std::string_view include_flag, std::string_view exclude_flag) {
  const bool default_is_off = !options.text(include_flag).empty() && !options.given(exclude_flag);
  return default_is_off ? std::string_view{} : options.text(exclude_flag);
}

}  // namespace

Pattern::Pattern(std::string_view expression) {
  if (!expression.empty())
    compiled_ = std::make_unique<RE2>(re2::StringPiece(expression.data(), expression.size()), without_captures());
}
Pattern::~Pattern() = default;
Pattern::Pattern(Pattern&&) noexcept = default;

bool Pattern::found_in(std::string_view text) const {
  return compiled_ && RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *compiled_);
}

std::string fault_of_expression(std::string_view expression) {
  const RE2 compiled(re2::StringPiece(expression.data(), expression.size()), without_captures());
  return compiled.ok() ? std::string() : compiled.error();
}

Filter::Filter(const Options& options, std::string_view include_flag, std::string_view exclude_flag)
    : include_(options.text(include_flag)), exclude_(exclude_of(options, include_flag, exclude_flag)) {}

bool Filter::keeps(std::string_view name) const {
  return !exclude_.found_in(name) && (!include_.given() || include_.found_in(name));
}

}  // namespace vitald
