#include "config/web/web_config.hpp"

#include "collectors/base/duration.hpp"
#include "collectors/base/scan.hpp"
#include "config/web/tls_section.hpp"
#include "config/web/web_words.hpp"

#include <algorithm>

namespace vitald::config {
namespace {

class ConfigReading : Section {
 public:
  using Section::Section;

  void take(const Leaf& leaf) {
    const auto& section = leaf.path.front().text;
    if (leaf.path.size() == 1) return whole_section(leaf);
    if (section == "basic_auth_users") return user(leaf);
    if (leaf.path.size() == 3 && section == "http_server_config" && leaf.path[1].text == "headers") return header(leaf);
    if (tls_.take(leaf)) return;
    const auto name = name_of(leaf);
    for (const auto& [key, read] : keys)
      if (name == key) return (this->*read)(leaf);
    fault(leaf, "is no key of this file");
  }

  void settle() {
    tls_.settle();
    if (http2_) out_.remarks.push_back("http_server_config.http2 has no effect: HTTP/1.1 is served");
  }

 private:
  // A section without anything in it, or something else in its place.
  void whole_section(const Leaf& leaf) {
    constexpr std::string_view sections[] = {"tls_server_config", "http_server_config", "basic_auth_users",
                                             "rate_limit"};
    if (std::ranges::count(sections, leaf.path.front().text) == 0) return fault(leaf, "is no key of this file");
    must_be_empty(leaf);
  }
  void must_be_empty(const Leaf& leaf) {
    if (leaf.kind != Leaf::Kind::nothing) fault(leaf, "must have keys below it");
  }

  void http2(const Leaf& leaf) { yes_or_no(leaf, http2_); }

  void header(const Leaf& leaf) {
    const auto value = text_of(leaf);
    if (!value) return;
    std::string_view why;
    const auto name = header_for(leaf.path.back().text, *value, why);
    if (name.empty()) return fault(leaf, "is no field that may be set here");
    if (!why.empty()) return fault(leaf, std::string("is ").append(why));
    const auto odd = [](unsigned char c) { return c < ' ' || c >= 0x7F; };
    if (std::ranges::any_of(*value, odd)) return fault(leaf, "has a character that no field may have");
    if (!value->empty()) out_.config.headers.emplace_back(name, *value);
  }

  void user(const Leaf& leaf) {
    const auto hash = leaf.path.size() == 2 ? text_of(leaf) : std::nullopt;
    if (!hash || !is_bcrypt(*hash)) return fault(leaf, "is a bcrypt hash, of the kind $2a$, $2b$ or $2y$");
    out_.config.users.emplace_back(leaf.path.back().text, *hash);
  }

  void interval(const Leaf& leaf) {
    const auto word = text_of(leaf);
    if (!word || word->empty()) return;
    const auto time = parse_duration(*word);
    if (!time || time->count() < 0) return fault(leaf, "is a time such as 1s or 250ms");
    out_.config.rate.interval = *time;
  }

  void burst(const Leaf& leaf) {
    const auto word = text_of(leaf);
    if (word && !word->empty() && !scan::number(*word, out_.config.rate.burst)) fault(leaf, "is a whole number");
  }

  static constexpr Known<ConfigReading> keys[] = {
      {"http_server_config.http2", &ConfigReading::http2},
      {"http_server_config.headers", &ConfigReading::must_be_empty},
      {"rate_limit.interval", &ConfigReading::interval},
      {"rate_limit.burst", &ConfigReading::burst},
  };

  TlsSection tls_{out_};
  bool http2_ = false;
};

}  // namespace

WebConfigText read_web_config(std::string_view yaml) {
  WebConfigText text;
  const auto leaves = read_leaves(yaml, Lines::many);
  for (const auto& fault : leaves.faults) text.faults.push_back({fault.line, fault.text});
  ConfigReading reading(text);
  for (const auto& leaf : leaves.all) reading.take(leaf);
  reading.settle();
  std::ranges::stable_sort(text.faults, {}, &WebConfigText::Fault::line);
  return text;
}

}  // namespace vitald::config
