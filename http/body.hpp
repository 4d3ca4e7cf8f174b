#pragma once
// The body of a request, read strictly as it comes (RFC 9112, sections 6 and 7): so many bytes, or chunks.
#include "http/head.hpp"

#include <cstdint>
#include <string>

namespace vitald::http {

class BodyParser {
 public:
  // Of this head's request, of `most` bytes at most: more is a 413.
  void begin(const Head& head, std::size_t most);
  // How many bytes of the front it has used. The rest is to come again, with more behind it.
  std::size_t take(std::string_view text);
  bool whole() const { return state_ == State::whole; }
  Status fault() const { return fault_; }
  std::string_view content() const { return content_; }
  void forget();  // with the memory, where it was much

 private:
  enum class State : std::uint8_t { counted, chunk_size, chunk, chunk_end, trailer, whole };

  bool step(std::string_view& text);
  bool take_bytes(std::string_view& text);
  bool take_chunk_end(std::string_view& text);
  bool take_line(std::string_view& text, std::string_view& line);
  bool take_chunk_size(std::string_view line);
  bool take_trailer(std::string_view line);
  bool refuse(Status why);

  State state_ = State::whole;
  Status fault_ = Status::ok;
  std::size_t most_ = 0, left_ = 0;  // left: of the body, or of the chunk
  std::size_t extra_ = 0;            // extensions and trailers, which nobody wants
  std::string content_;
};

}  // namespace vitald::http
