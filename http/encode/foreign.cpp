#include "http/encode/foreign.hpp"

#include "http/encode/exposition.hpp"
#include "http/encode/json.hpp"

#include <utility>

namespace vitald::encode {
namespace {

void escaped_help(Out& out, std::string_view text) {
  for (const char c : text) {
    if (c == '\\')
      out << "\\\\";
    else if (c == '\n')
      out << "\\n";
    else
      out << c;
  }
}

void sample_json(const Foreign::Sample& sample, Out& out) {
  out << "{\"name\":";
  quoted(out, sample.name);
  out << ",\"labels\":{";
  std::string_view comma;
  for (const auto& label : sample.labels) {
    out << std::exchange(comma, ",");
    quoted(out, label.name);
    out << ':';
    quoted(out, label.value);
  }
  out << "},\"value\":";
  json_number(out, sample.value);
  out << '}';
}

void family_json(const Foreign::Family& family, bool hidden, Out& out) {
  out << "{\"name\":";
  quoted(out, family.name);
  out << ",\"type\":\"" << metrics_text::name_of(family.kind) << "\",\"help\":";
  quoted(out, family.help);
  out << ",\"hidden\":" << (hidden ? "true" : "false") << ",\"samples\":[";
  std::string_view comma;
  for (const auto& part : family.parts)
    for (const auto& sample : part) {
      out << std::exchange(comma, ",");
      sample_json(sample, out);
    }
  out << "]}";
}

}  // namespace

void labels(std::span<const Foreign::Label> all, Out& out) {
  char before = '{';
  for (const auto& label : all) {
    out << std::exchange(before, ',') << label.name << "=\"";
    escaped_label(out, label.value);
    out << '"';
  }
  if (before == ',') out << '}';
}

void exposition(const Foreign::Sample& sample, Out& out) {
  out << sample.name;
  labels(sample.labels, out);
  out << ' ';
  number(out, sample.value);
  out << '\n';
}

void exposition(const Foreign::Family& family, Out& out) {
  out << "# HELP " << family.name << ' ';
  escaped_help(out, family.help);
  out << "\n# TYPE " << family.name << ' ' << metrics_text::name_of(family.kind) << '\n';
  for (const auto& part : family.parts)
    for (const auto& sample : part) exposition(sample, out);
}

void make_text(const Foreign& foreign) {
  auto& [text, ends, made] = foreign.text;
  if (std::exchange(made, true)) return;
  for (const auto& family : foreign.families) {
    exposition(family, text);
    ends.push_back(text.size());
  }
}

void json(const Foreign& foreign, const std::vector<bool>& hidden, Out& out) {
  out << '[';
  for (std::size_t i = 0; i < foreign.families.size(); ++i) {
    if (i != 0) out << ',';
    family_json(foreign.families[i], hidden[i], out);
  }
  out << ']';
}

}  // namespace vitald::encode
