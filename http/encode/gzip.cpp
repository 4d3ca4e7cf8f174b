#include "http/encode/gzip.hpp"

#include <isa-l/igzip_lib.h>

#include <stdexcept>

namespace vitald::encode {

struct Gzip::State {
  isal_zstream stream;
  std::uint8_t level_buffer[ISAL_DEF_LVL1_DEFAULT];
};

Gzip::Gzip() : state_(std::make_unique_for_overwrite<State>()) {}
Gzip::~Gzip() = default;

std::string Gzip::member(std::span<const std::string_view> parts) {
  std::size_t size = 0;
  for (const auto part : parts) size += part.size();
  std::string out(size + size / 8 + 256, '\0');  // more than the worst case of stored blocks
  auto& stream = state_->stream;
  isal_deflate_init(&stream);
  stream.level = 1;
  stream.level_buf = state_->level_buffer;
  stream.level_buf_size = sizeof state_->level_buffer;
  stream.gzip_flag = IGZIP_GZIP;
  stream.next_out = reinterpret_cast<std::uint8_t*>(out.data());
  stream.avail_out = static_cast<std::uint32_t>(out.size());
  const auto feed = [&](std::string_view part, bool last) {
    // The library's pointer is not const, but it only reads.
    stream.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(part.data()));
    stream.avail_in = static_cast<std::uint32_t>(part.size());
    stream.end_of_stream = last ? 1 : 0;
    if (isal_deflate(&stream) != COMP_OK || stream.avail_in != 0) throw std::runtime_error("gzip: no room");
  };
  for (const auto part : parts) feed(part, false);
  feed({}, true);
  out.resize(stream.total_out);
  out.shrink_to_fit();
  return out;
}

}  // namespace vitald::encode
