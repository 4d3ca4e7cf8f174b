#include "http/encode/open_metrics.hpp"

#include "http/encode/families.hpp"

namespace vitald::encode {
namespace {

constexpr std::string_view total = "_total";

std::string_view written_since(const Out& out, std::size_t start) { return out.view().substr(start); }

// The family's name; whether it is that of a counter, without its ending.
bool put_name(Out& out, const Head& of) {
  const auto start = out.size();
  out << of.name_space << of.family << of.rest;
  const bool counter = of.type == "counter" && written_since(out, start).ends_with(total);
  if (counter) out.shorten(out.size() - total.size());
  return counter;
}

std::string_view type_for(std::string_view type, bool counter) {
  return counter ? "counter" : type == "counter" || type == "untyped" ? "unknown" : type;
}

void escaped_open_metrics_help(Out& out, std::string_view text) {
  for (const char c : text) {
    if (c == '\\' || c == '"')
      out << '\\' << c;
    else if (c == '\n')
      out << "\\n";
    else
      out << c;
  }
}

}  // namespace

void open_metrics_head(Out& out, const Head& of) {
  out << "# TYPE ";
  const auto start = out.size();
  const bool counter = put_name(out, of);
  const auto name = written_since(out, start);
  const auto unit = name.ends_with(total) ? std::string_view{} : unit_of(name);
  out << ' ' << type_for(of.type, counter) << '\n';
  if (!unit.empty()) {
    out << "# UNIT ";
    put_name(out, of);
    out << ' ' << unit << '\n';
  }
  if (of.help.empty()) return;
  out << "# HELP ";
  put_name(out, of);
  out << ' ';
  escaped_open_metrics_help(out, of.help);
  out << '\n';
}

}  // namespace vitald::encode
