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

Reply problem(Status code, std::string_view detail) {
  Out out;
  out << R"({"type":"about:blank","title":)";
  encode::quoted(out, reason_of(code));
  out << ",\"status\":";
  out.number(static_cast<unsigned>(code));
  out << ",\"detail\":";
  encode::quoted(out, detail);
  out << "}\n";
  return text(code, "application/problem+json", std::string(out.view()));
}

Reply error(std::string_view path, Status code, std::string_view detail) {
  return path == "/api" || path.starts_with("/api/") ? problem(code, detail) : plain(code, detail);
}

}  // namespace vitald::http
