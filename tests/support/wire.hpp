#pragma once
// A client that says exactly what a test tells it to.
#include <cstdint>
#include <string>
#include <string_view>

namespace vitald::test {

class Wire {
 public:
  explicit Wire(std::uint16_t port);  // to 127.0.0.1
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  void say(std::string_view bytes);
  void end();  // our side
  // One reply: head and as much body as Content-Length says (none for a reply to HEAD). Empty when the peer closed.
  std::string reply(bool with_body = true);
  bool closed();  // whether the peer ends the connection within five seconds, with nothing more to say

 private:
  bool more();
  int fd_;
  std::string buffer_;
};

// One request on a connection of its own.
std::string ask(std::uint16_t port, std::string_view request);
std::string get(std::uint16_t port, std::string_view target, std::string_view fields = {});
std::string_view body_of(std::string_view reply);
bool has_line(std::string_view reply, std::string_view line);

}  // namespace vitald::test
