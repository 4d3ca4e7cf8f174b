#pragma once
// What the sections of a web configuration file have in common: leaves to values, and faults with line and key.
#include "config/file/leaves.hpp"
#include "config/web/web_config.hpp"

namespace vitald::config {

class Section {
 public:
  explicit Section(WebConfigText& out) : out_(out) {}

 protected:
  template <class Reader>
  struct Known {
    std::string_view name;
    void (Reader::*read)(const Leaf&);
  };

  void fault_at(std::size_t line, std::string text) { out_.faults.push_back({line, std::move(text)}); }
  void fault(const Leaf& leaf, std::string_view why);

  // Nothing at all is an empty text, as with the exporters. None: it was no text, and the fault is told.
  std::optional<std::string_view> text_of(const Leaf& leaf);
  std::vector<std::string> list_of(const Leaf& leaf);
  void yes_or_no(const Leaf& leaf, bool& out);

  WebConfigText& out_;
};

std::string name_of(const Leaf& leaf);  // "tls_server_config.cert_file"

}  // namespace vitald::config
