#include "http/reply.hpp"

#include "http/encode/json.hpp"

namespace vitald::http {

Reply text(Status code, std::string_view type, std::string body) {
  auto owner = std::make_shared<const std::string>(std::move(body));
  auto made = std::make_shared<Body>();
  made->add({owner, *owner});
  Reply reply;
  reply.code = code;
  reply.type = type;
  reply.body = std::move(made);
  return reply;
}

Reply plain(Status code, std::string_view line) {
  return text(code, "text/plain; charset=utf-8", std::string(line).append("\n"));
}

Reply problem(Status code, std::string_view detail) { return problem(code, detail, {}, {}); }

Reply problem(Status code, std::string_view detail, std::string_view parameter,
              std::span<const std::string_view> allowed) {
  Out out;
  out << R"({"type":"about:blank","title":)";
  encode::quoted(out, reason_of(code));
  out << ",\"status\":";
  out.number(static_cast<unsigned>(code));
  out << ",\"detail\":";
  encode::quoted(out, detail);
  if (!parameter.empty()) encode::quoted(out << ",\"parameter\":", parameter);
  for (std::size_t i = 0; i < allowed.size(); ++i) encode::quoted(out << (i == 0 ? ",\"allowed\":[" : ","), allowed[i]);
  out << (allowed.empty() ? "}\n" : "]}\n");
  return text(code, "application/problem+json", std::string(out.view()));
}

Reply error(std::string_view path, Status code, std::string_view detail) {
  return path == "/api" || path.starts_with("/api/") ? problem(code, detail) : plain(code, detail);
}

}  // namespace vitald::http
