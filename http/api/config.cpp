// /api/v1/config: every setting as it counts, and where it comes from.
#include "http/api/handlers.hpp"
#include "http/encode/json.hpp"

#include <utility>

namespace vitald::http {
namespace {

using Setting = Configuration::Setting;

// Checked when it was set: a boolean is true or false, an integer may have a plus in front.
void write_value(const Setting& setting, std::string_view value, Out& out) {
  if (setting.secret || setting.kind == Setting::Kind::text) return encode::quoted(out, value);
  out << (value.starts_with('+') ? value.substr(1) : value);
}

void write_values(const Setting& setting, Out& out) {
  if (!setting.list && setting.values.empty()) return void(out << "null");
  if (!setting.list) return write_value(setting, setting.values.back(), out);
  out << '[';
  std::string_view comma;
  for (const auto& value : setting.values) {
    out << std::exchange(comma, ",");
    write_value(setting, value, out);
  }
  out << ']';
}

void write(const Setting& setting, Out& out) {
  out << "{\"key\":";
  encode::quoted(out, setting.key);
  out << ",\"value\":";
  write_values(setting, out);
  out << ",\"origin\":";
  encode::quoted(out, setting.origin);
  out << ",\"reload\":" << (setting.reload ? "true" : "false") << ",\"secret\":" << (setting.secret ? "true" : "false")
      << '}';
}

}  // namespace

Reply config(const Request&, const Context& context, const View&) {
  if (!context.configuration) return problem(Status::unavailable, "the settings are not known");
  const auto configuration = context.configuration();
  Out out;
  out << "{\"generation\":";
  out.number(configuration.generation);
  out << ",\"files\":[";
  std::string_view comma;
  for (const auto& file : configuration.files) {
    out << std::exchange(comma, ",");
    encode::quoted(out, file);
  }
  out << "],\"settings\":[";
  comma = {};
  for (const auto& setting : configuration.settings) out << std::exchange(comma, ","), write(setting, out);
  out << "]}\n";
  return text(Status::ok, "application/json", std::string(out.view()));
}

}  // namespace vitald::http
