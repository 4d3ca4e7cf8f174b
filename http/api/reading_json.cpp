#include "http/api/reading_json.hpp"

#include "http/api/metrics_text.hpp"
#include "http/encode/exposition.hpp"
#include "http/encode/foreign.hpp"
#include "http/encode/json.hpp"

#include <utility>

namespace vitald::http {
namespace {

void member(Out& out, std::string_view name, std::string_view text) {
  out << ",\"" << name << "\":";
  encode::quoted(out, text);
}

void member(Out& out, std::string_view name, std::optional<double> number) {
  out << ",\"" << name << "\":";
  encode::json_number(out, number);
}

std::optional<double> known(double seconds) { return seconds > 0 ? std::optional(seconds) : std::nullopt; }

}  // namespace

void write_health(Out& out, const Reading& reading) {
  member(out, "state", name_of(reading.state));
  if (!reading.why.empty()) member(out, "error", reading.why);
  member(out, "sampled_at_seconds", known(reading.sampled_at_seconds));
  member(out, "last_duration_seconds", known(reading.duration_seconds));
  member(out, "last_success_seconds", known(reading.last_success_seconds));
}

void write_reading(Out& out, const Reading& reading, const Context& context) {
  out << "{\"name\":";
  encode::quoted(out, reading.entry->name);
  write_health(out, reading);
  out << ",\"data\":{";
  std::string_view comma;
  if (reading.page)
    reading.page->each([&](const Rows& rows) {
      out << std::exchange(comma, ",") << '"' << rows.layout->name << "\":";
      encode::json(rows, out);
    });
  if (reading.page && reading.page->foreign) {
    const auto& foreign = *reading.page->foreign;
    out << std::exchange(comma, ",") << "\"families\":";
    encode::json(foreign, context.metrics_text->hidden(foreign, *context.readings->latest(), context), out);
  }
  out << "}}";
}

}  // namespace vitald::http
