#include "daemon/follow/events.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <ctime>
#include <utility>

namespace vitald::follow {
namespace {

using nlohmann::json;

std::string harmless(const std::string& text) {
  std::string out;
  for (const char c : text) out += (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) ? '?' : c;
  return out;
}

std::string text_of(const json& event, const char* key) {
  const auto found = event.find(key);
  return found != event.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string clock_of(const json& event) {
  const auto found = event.find("time_seconds");
  const double seconds = found != event.end() && found->is_number() ? found->get<double>() : 0;
  const auto whole = static_cast<std::time_t>(std::floor(seconds));
  std::tm parts{};
  ::localtime_r(&whole, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%H:%M:%S", &parts);
  auto millis = std::to_string(static_cast<int>((seconds - std::floor(seconds)) * 1000));
  return std::string(text.data()) + "." + std::string(3 - millis.size(), '0') + millis;
}

}  // namespace

void Feed::take(std::string_view bytes) {
  for (std::size_t end = 0; (end = bytes.find('\n')) != bytes.npos; bytes.remove_prefix(end + 1)) {
    line_ += bytes.substr(0, end);
    line(std::exchange(line_, {}));
  }
  line_ += bytes;
}

void Feed::line(std::string_view text) {
  if (text.empty()) {
    if (!now_.data.empty()) tell_(now_);
    now_ = {};
    return;
  }
  const auto value_of = [&](std::string_view name) { return text.substr(name.size()); };
  for (const auto& [name, to] :
       {std::pair{std::string_view("id: "), &now_.id}, {"event: ", &now_.name}, {"data: ", &now_.data}})
    if (text.starts_with(name)) *to = value_of(name);
}

std::string line_of(const Told& told) {
  const auto event = json::parse(told.data, nullptr, false);
  if (!event.is_object()) return harmless(told.name + " " + told.data);
  if (told.name == "reset")
    return harmless("reset: " + text_of(event, "reason") + "; events before this are not known");
  const std::string slash = event.value("is_dir", false) && event.contains("path") ? "/" : "";
  auto line = clock_of(event) + " " + told.name;
  if (event.contains("path")) line += " " + text_of(event, "path") + slash;
  if (event.contains("dest_path")) line += " -> " + text_of(event, "dest_path") + slash;
  if (event.contains("reason")) line += " (" + text_of(event, "reason") + ")";
  return harmless(line);
}

std::string json_of(const Told& told) {
  if (told.name != "reset" || !told.data.starts_with('{')) return told.data;
  return R"({"id":")" + told.id + R"(","type":"reset",)" + told.data.substr(1);
}

std::string watch_of(const std::string& list, const std::string& path) {
  const auto body = json::parse(list, nullptr, false);
  if (!body.is_object() || !body.contains("data") || !body["data"].is_array()) return {};
  for (const auto& watch : body["data"])
    if (watch.is_object() && text_of(watch, "path") == path) return text_of(watch, "name");
  return {};
}

std::string wish_for(const std::string& name, const std::string& path) {
  return json{{"name", name}, {"path", path}}.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace vitald::follow
