#include "http/outgoing.hpp"

namespace vitald::http {

// Takes the bytes that are sent already off the front; whether any are left.
bool drop(std::span<iovec>& parts, std::size_t sent) {
  while (!parts.empty() && sent >= parts.front().iov_len) {
    sent -= parts.front().iov_len;
    parts = parts.subspan(1);
  }
  if (parts.empty()) return false;
  parts.front().iov_base = static_cast<char*>(parts.front().iov_base) + sent;
  parts.front().iov_len -= sent;
  return true;
}

void write_head(const Reply& reply, std::string_view date, std::string_view security, bool keep, Out& out) {
  out << "HTTP/1.1 ";
  out.number(static_cast<unsigned>(reply.code));
  out << ' ' << reason_of(reply.code) << "\r\nDate: " << date << "\r\n";
  if (reply.body) {
    out << "Content-Type: " << reply.type << "\r\nContent-Length: ";
    out.number(reply.body->size);
    out << "\r\n";
  }
  if (!reply.encoding.empty()) out << "Content-Encoding: " << reply.encoding << "\r\n";
  if (reply.negotiated) out << "Vary: Accept, Accept-Encoding\r\n";
  if (!reply.allow.empty()) out << "Allow: " << reply.allow << "\r\n";
  out << reply.fields << security << (keep ? "\r\n" : "Connection: close\r\n\r\n");
}

}  // namespace vitald::http
