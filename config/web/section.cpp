#include "config/web/section.hpp"

#include "config/web/web_words.hpp"

namespace vitald::config {

std::string name_of(const Leaf& leaf) {
  std::string name;
  for (const auto& key : leaf.path) name.append(name.empty() ? "" : ".").append(key.text);
  return name;
}

void Section::fault(const Leaf& leaf, std::string_view why) {
  fault_at(leaf.path.back().line, name_of(leaf).append(" ").append(why));
}

std::optional<std::string_view> Section::text_of(const Leaf& leaf) {
  if (leaf.kind != Leaf::Kind::list) return leaf.values.empty() ? std::string_view{} : leaf.values.front();
  fault(leaf, "is one text, no list");
  return {};
}

std::vector<std::string> Section::list_of(const Leaf& leaf) {
  if (leaf.kind == Leaf::Kind::scalar) fault(leaf, "is a list");
  return leaf.kind == Leaf::Kind::list ? leaf.values : std::vector<std::string>{};
}

void Section::yes_or_no(const Leaf& leaf, bool& out) {
  const auto word = text_of(leaf);
  if (!word || word->empty()) return;
  const auto said = read_yes_or_no(*word);
  if (!said) return fault(leaf, "is true or false");
  out = *said;
}

}  // namespace vitald::config
