// The landing page, and whether the daemon lives and is ready.
#include "http/api/handlers.hpp"

namespace vitald::http {
namespace {

// The path comes from a flag, not from a client; escaped all the same.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

}  // namespace

Reply landing(const Request&, const Context& context, const View&) {
  const auto path = escaped(context.telemetry_path);
  return text(Status::ok, "text/html; charset=utf-8",
              "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>vitald</title></head>\n"
              "<body><h1>vitald " +
                  escaped(context.version) +
                  "</h1>\n<p>Vital signs of this host.</p>\n<ul>\n"
                  "<li><a href=\"" +
                  path + "\">" + path +
                  "</a>: every metric, for Prometheus</li>\n"
                  "<li><a href=\"/api/v1/collectors\">/api/v1/collectors</a>: what is read, and how it is doing</li>\n"
                  "<li><a href=\"/-/healthy\">/-/healthy</a>, <a href=\"/-/ready\">/-/ready</a></li>\n"
                  "</ul></body></html>\n");
}

Reply healthy(const Request&, const Context&, const View&) { return plain(Status::ok, "ok"); }

Reply ready(const Request&, const Context& context, const View&) {
  return context.ready ? plain(Status::ok, "ready") : plain(Status::unavailable, "not ready");
}

}  // namespace vitald::http
