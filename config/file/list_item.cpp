#include "config/file/list_item.hpp"

namespace vitald::config {
namespace {

// In quotes where it might be anything else in YAML.
std::string quoted_scalar(std::string_view text) {
  if (!text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_/") == text.npos) return std::string(text);
  std::string quoted = "'";
  for (const char c : text) quoted.append(c == '\'' ? 2 : 1, c);
  return quoted + "'";
}

}  // namespace

void ListItem::part(std::string_view text) {
  if (text_.back() != '{' && text_.back() != '[' && text_.back() != ' ') text_ += ", ";
  text_ += quoted_scalar(text);
}

void ListItem::scalar(std::string_view text) {
  if (!wants_key_ || in_list_) {
    part(text);
    wants_key_ = !in_list_;
    return;
  }
  if (text_.back() != '{') text_ += ", ";
  text_.append(quoted_scalar(text)).append(": ");
  wants_key_ = false;
}

bool ListItem::begin_list() {
  if (wants_key_ || in_list_) return false;
  in_list_ = true;
  text_ += '[';
  return true;
}

bool ListItem::end_list() {
  if (!in_list_) return false;
  in_list_ = false;
  wants_key_ = true;
  text_ += ']';
  return true;
}

}  // namespace vitald::config
