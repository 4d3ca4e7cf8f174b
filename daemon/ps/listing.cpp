// The daemon's JSON, taken apart.
#include "daemon/ps/rows.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace vitald::ps {
namespace {

using nlohmann::json;

// Arguments with blanks between them; other lists with commas.
std::string list_of(const json& list) {
  std::string text;
  for (const auto& each : list) {
    if (!text.empty()) text += each.is_string() ? " " : ",";
    text += each.is_string() ? each.get<std::string>() : each.dump();
  }
  return text;
}

Cell cell_of(const json& row, const std::string& field) {
  const auto* at = &row;
  std::string_view rest = field;
  while (!rest.empty()) {
    const auto dot = std::min(rest.find('.'), rest.size());
    const auto found = at->is_object() ? at->find(std::string(rest.substr(0, dot))) : at->end();
    if (!at->is_object() || found == at->end()) return {};
    at = &*found;
    rest.remove_prefix(std::min(dot + 1, rest.size()));
  }
  if (at->is_null()) return {};
  if (at->is_array()) return {list_of(*at), !at->empty(), false};
  if (at->is_string()) return {at->get<std::string>(), true, false};
  return {at->dump(), true, at->is_number()};
}

// What an object has in any row, in the order in which it is told.
void add_members(const json& data, const std::string& field, std::vector<std::string>& columns) {
  for (const auto& row : data) {
    const auto found = row.find(field);
    if (found == row.end() || !found->is_object()) continue;
    for (const auto& [name, _] : found->items()) columns.push_back(field + "." + name);
    return;
  }
  columns.push_back(field);
}

}  // namespace

Listing read_listing(const std::string& text, const std::vector<std::string>& fields) {
  Listing listing;
  const auto body = json::parse(text, nullptr, false);
  if (!body.is_object() || !body.contains("data") || !body["data"].is_array()) {
    listing.fault = "what it answers is no listing of processes";
    return listing;
  }
  const auto& data = body["data"];
  for (const auto& field : fields) {
    if (field.find('.') == field.npos)
      add_members(data, field, listing.columns);
    else
      listing.columns.push_back(field);
  }
  for (const auto& row : data) {
    auto& cells = listing.rows.emplace_back();
    for (const auto& column : listing.columns) cells.push_back(cell_of(row, column));
    listing.withheld |= row.is_object() && row.contains("withheld");
  }
  return listing;
}

std::string detail_of(const std::string& text) {
  const auto body = json::parse(text, nullptr, false);
  if (!body.is_object() || !body.contains("detail") || !body["detail"].is_string()) return {};
  auto detail = body["detail"].get<std::string>();
  if (body.contains("parameter") && body["parameter"].is_string())
    detail = body["parameter"].get<std::string>() + ": " + detail;
  std::string_view before = ": ";
  if (body.contains("allowed") && body["allowed"].is_array())
    for (const auto& each : body["allowed"])
      if (each.is_string()) detail.append(std::exchange(before, ", ")).append(each.get<std::string>());
  return detail;
}

}  // namespace vitald::ps
