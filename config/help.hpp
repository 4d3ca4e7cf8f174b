#pragma once
// How options are shown to people, and the text of --help, in 80 columns. Hidden options are left out.
#include "collectors/base/option.hpp"

#include <span>
#include <string>
#include <vector>

namespace vitald::config {

bool is_shown(const Option& option);
std::string_view group_of(const Option& option);
std::vector<std::string_view> groups_of(std::span<const Option> options);  // of those that are shown, in their order
bool has_no_form(const Option& option);                                    // --no-…
std::string_view placeholder(const Option& option);                        // "TIME"; none for booleans
std::string default_of(const Option& option);                              // "on", "100ms"; empty: not worth a word

// `text` in lines of at most `width`, each after `indent` blanks. A word that is too long is broken.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width = 80);

std::string help_text(std::span<const Option> options);

}  // namespace vitald::config
