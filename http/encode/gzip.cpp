#include "http/encode/gzip.hpp"

#include <isa-l/igzip_lib.h>

#include <stdexcept>

namespace vitald::encode {

struct Gzip::State {
  isal_zstream stream;
  std::uint8_t level_buffer[ISAL_DEF_LVL1_DEFAULT];
  std::string whole, made;  // kept from call to call; a large one is let go
};

namespace {
constexpr std::size_t kept_room = std::size_t{256} << 10;

std::uint8_t* bytes_of(std::string& text) { return reinterpret_cast<std::uint8_t*>(text.data()); }
}  // namespace

Gzip::Gzip() : state_(std::make_unique_for_overwrite<State>()) {}
Gzip::~Gzip() = default;

// All at once: what comes in pieces the library would first copy into a window of its own, again and again.
std::string Gzip::member(std::span<const std::string_view> parts) {
  auto& [stream, level_buffer, whole, made] = *state_;
  whole.clear();
  for (const auto part : parts) whole.append(part);
  const auto most = whole.size() + whole.size() / 8 + 256;  // more than the worst case of stored blocks
  if (made.size() < most) made.resize(most);
  isal_deflate_stateless_init(&stream);
  stream.level = 1;
  stream.level_buf = level_buffer;
  stream.level_buf_size = sizeof level_buffer;
  stream.gzip_flag = IGZIP_GZIP;
  stream.end_of_stream = 1;
  stream.next_in = bytes_of(whole);
  stream.avail_in = static_cast<std::uint32_t>(whole.size());
  stream.next_out = bytes_of(made);
  stream.avail_out = static_cast<std::uint32_t>(most);
  if (isal_deflate_stateless(&stream) != COMP_OK || stream.avail_in != 0) throw std::runtime_error("gzip: no room");
  std::string member(made, 0, stream.total_out);
  if (made.size() > kept_room) std::string().swap(made);
  if (whole.capacity() > kept_room) std::string().swap(whole);
  return member;
}

}  // namespace vitald::encode
