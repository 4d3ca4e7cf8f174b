// docs/vitald.8: the manual page.
#include "config/help.hpp"
#include "config/vocabulary.hpp"
#include "daemon/version.hpp"
#include "tests/support/generated_files.hpp"
#include "tests/support/manual_text.hpp"

namespace vitald::test {
namespace {

// A line of text as roff takes it for what it is.
std::string roff(std::string_view text) {
  std::string out;
  if (text.starts_with('.') || text.starts_with('\'')) out = "\\&";
  for (const char c : text) switch (c) {
      case '\\': out += "\\e"; break;
      case '-': out += "\\-"; break;
      case '\'': out += "\\(aq"; break;
      case '^': out += "\\(ha"; break;
      case '~': out += "\\(ti"; break;
      case '`': out += "\\(ga"; break;
      default: out += c;
    }
  return out;
}

std::string heading(const Option& option) {
  std::string out = ".TP\n.B ";
  if (option.flag == "help") out += "\\-h\\fR, \\fB";
  if (!config::has_no_form(option))
    out.append("\\-\\-");
  else
    out.append("\\-\\-\\fR[\\fBno\\-\\fR]\\fB");
  out += roff(option.flag);
  const auto value = config::placeholder(option);
  if (!value.empty()) out.append("=\\fI").append(value).append("\\fR");
  return out + "\n";
}

std::string described(const Option& option) {
  auto out = heading(option) + roff(option.help);
  const auto initial = config::default_of(option);
  if (!initial.empty()) out.append(" (\\fB").append(roff(initial)).append("\\fR)");
  return out + "\n";
}

}  // namespace

std::string manual(std::span<const Option> options) {
  auto out =
      std::string(".\\\" Written from the table of settings: ninja -C build/release docs\n.TH VITALD 8 \"\" \"vitald ")
          .append(version.number)
          .append("\" \"System administration\"\n")
          .append(manual_beginning);
  for (const auto group : config::groups_of(options)) {
    out.append(".SS ").append(group).append("\n");
    for (const auto& option : options)
      if (config::is_shown(option) && config::group_of(option) == group) out += described(option);
  }
  return out.append(manual_rest);
}

}  // namespace vitald::test
