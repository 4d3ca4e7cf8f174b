#include "collectors/base/expression.hpp"

#include "collectors/base/quiet_re2.hpp"

namespace vitald {
namespace {

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

Expression::Expression(std::string_view expression)
    : compiled_(std::make_unique<re2::RE2>(piece(expression), quiet_re2())) {}
Expression::~Expression() = default;
Expression::Expression(Expression&&) noexcept = default;

bool Expression::find(std::string_view text, Captures& out) const {
  if (!compiled_->ok()) return false;
  std::vector<re2::StringPiece> groups(static_cast<std::size_t>(compiled_->NumberOfCapturingGroups()) + 1);
  if (!compiled_->Match(piece(text), 0, text.size(), RE2::UNANCHORED, groups.data(), static_cast<int>(groups.size())))
    return false;
  for (const auto& [name, number] : compiled_->NamedCapturingGroups())
    out.emplace_back(name, std::string(groups[static_cast<std::size_t>(number)]));
  return true;
}

}  // namespace vitald
