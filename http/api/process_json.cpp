// A process as JSON.
#include "collectors/base/utf8.hpp"
#include "http/api/process_fields.hpp"
#include "http/encode/base64.hpp"
#include "http/encode/json.hpp"

#include <utility>

namespace vitald::http {
namespace {

// What is not UTF-8 is there a second time, exactly.
void write_exact(Out& out, Members& members, std::string_view name, std::string_view text) {
  members.begin(name);
  out.shorten(out.size() - 2);  // the quote and the colon behind the name
  out << "_b64\":\"" << encode::base64(text) << '"';
}

void write_exact_command(Out& out, Members& members, std::string_view name, std::string_view command) {
  members.begin(name);
  out.shorten(out.size() - 2);
  out << "_b64\":[";
  for (std::string_view comma; !command.empty();) {
    const auto at = command.find('\0');
    out << std::exchange(comma, ",") << '"' << encode::base64(command.substr(0, at)) << '"';
    command.remove_prefix(at == command.npos ? command.size() : at + 1);
  }
  out << ']';
}

void write_field(Out& out, Members& members, const ProcessField& field, const ProcessView& view) {
  members.begin(field.name);
  if (field.number) return encode::json_number(out, field.number(view));
  if (field.write) {
    field.write(out, view);
    const auto command = view.sample.text(view.row.command);
    if (field.name == "cmdline" && !utf8::all_valid(command)) write_exact_command(out, members, field.name, command);
    return;
  }
  const auto text = field.text(view);
  if (!text) return void(out << "null");
  encode::quoted(out, *text);
  if (!utf8::all_valid(*text)) write_exact(out, members, field.name, *text);
}

bool is_withheld(const ProcessField& field, const ProcessView& view, bool sees) {
  return (field.is_private && !sees) || (view.row.refused & bit(field.from)) != 0;
}

}  // namespace

std::string_view Members::begin(std::string_view name) {
  const auto dot = name.find('.');
  const auto object = dot == name.npos ? std::string_view{} : name.substr(0, dot);
  if (object != open_) {
    end();
    if (!object.empty()) {
      encode::quoted(out_ << std::exchange(comma_, ","), object);
      out_ << ":{";
      comma_ = {};
    }
    open_ = object;
  }
  if (dot != name.npos) name.remove_prefix(dot + 1);
  encode::quoted(out_ << std::exchange(comma_, ","), name);
  out_ << ':';
  return name;
}

void Members::end() {
  if (!open_.empty()) out_ << '}';
  if (!open_.empty()) comma_ = ",";
  open_ = {};
}

void write_open_process(Out& out, const ProcessFieldSet& set, const ProcessView& view, const Viewer& viewer) {
  const bool sees = sees_private(viewer, view.row);
  const auto all = process_fields();
  ProcessFieldSet withheld;
  Members members(out);
  out << '{';
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!set[i]) continue;
    if (is_withheld(all[i], view, sees))
      withheld.set(i);
    else
      write_field(out, members, all[i], view);
  }
  members.end();
  if (withheld.none()) return;
  members.begin("withheld");
  std::string_view comma;
  out << '[';
  for (std::size_t i = 0; i < all.size(); ++i)
    if (withheld[i]) encode::quoted(out << std::exchange(comma, ","), all[i].name);
  out << ']';
}

void write_process(Out& out, const ProcessFieldSet& set, const ProcessView& view, const Viewer& viewer) {
  write_open_process(out, set, view, viewer);
  out << '}';
}

}  // namespace vitald::http
