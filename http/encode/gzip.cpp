#include "http/encode/gzip.hpp"

#include <isa-l/igzip_lib.h>

#include <stdexcept>

namespace vitald::encode {
namespace {

constexpr std::size_t chunk_size = std::size_t{256} << 10, kept_room = std::size_t{512} << 10;

std::uint8_t* bytes_of(std::string& text) { return reinterpret_cast<std::uint8_t*>(text.data()); }

}  // namespace

struct Gzip::State {
  isal_zstream stream;
  std::uint8_t level_buffer[ISAL_DEF_LVL1_DEFAULT];
  std::string chunk, made;  // kept from call to call; what a large page has needed is let go

  void begin(std::size_t size) {
    const auto most = size + size / 8 + 256;  // more than the worst case of stored blocks
    if (made.size() < most) made.resize(most);
    chunk.clear();
    isal_deflate_init(&stream);
    stream.level = 1;
    stream.level_buf = level_buffer;
    stream.level_buf_size = sizeof level_buffer;
    stream.gzip_flag = IGZIP_GZIP;
    stream.next_out = bytes_of(made);
    stream.avail_out = static_cast<std::uint32_t>(most);
  }
  void deflate_chunk(bool last) {
    stream.next_in = bytes_of(chunk);
    stream.avail_in = static_cast<std::uint32_t>(chunk.size());
    stream.end_of_stream = last ? 1 : 0;
    if (isal_deflate(&stream) != COMP_OK || stream.avail_in != 0) throw std::runtime_error("gzip: no room");
    chunk.clear();
  }
};

Gzip::Gzip() : state_(std::make_unique_for_overwrite<State>()) {}
Gzip::~Gzip() = default;

// In large pieces: the library copies each into a window of its own, and of many small ones all that is before them,
// too.
std::string Gzip::member(std::span<const std::string_view> parts) {
  std::size_t size = 0;
  for (const auto part : parts) size += part.size();
  state_->begin(size);
  auto& chunk = state_->chunk;
  for (auto part : parts)
    while (!part.empty()) {
      const auto taken = part.substr(0, chunk_size - chunk.size());
      chunk.append(taken);
      part.remove_prefix(taken.size());
      if (chunk.size() == chunk_size) state_->deflate_chunk(false);
    }
  state_->deflate_chunk(true);
  std::string member(state_->made, 0, state_->stream.total_out);
  if (state_->made.size() > kept_room) std::string().swap(state_->made);
  return member;
}

}  // namespace vitald::encode
