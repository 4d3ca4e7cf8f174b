#include "http/encode/gzip.hpp"

#include <doctest/doctest.h>
#include <isa-l/igzip_lib.h>

#include <vector>

namespace gzip_test {

using vitald::encode::Gzip;

namespace {

std::string unpacked(std::string_view member, std::size_t room) {
  inflate_state state{};
  isal_inflate_init(&state);
  state.crc_flag = ISAL_GZIP;
  std::string out(room, '\0');
  std::string in(member);
  state.next_in = reinterpret_cast<std::uint8_t*>(in.data());
  state.avail_in = static_cast<std::uint32_t>(in.size());
  state.next_out = reinterpret_cast<std::uint8_t*>(out.data());
  state.avail_out = static_cast<std::uint32_t>(out.size());
  REQUIRE(isal_inflate(&state) == ISAL_DECOMP_OK);
  CHECK(state.block_state == ISAL_BLOCK_FINISH);  // one member, and nothing behind it
  CHECK(state.avail_in == 0);
  out.resize(state.total_out);
  return out;
}

}  // namespace

TEST_CASE("gzip: fragments become one member, again and again") {
  Gzip gzip;
  const std::string first(70'000, 'a'), second = "node_load1 0.5\n";
  std::string noise;
  for (unsigned x = 1; noise.size() < 50'000; x = x * 1664525 + 1013904223) noise += static_cast<char>(x >> 24);
  for (int round = 0; round < 3; ++round) {
    const std::vector<std::string_view> parts{first, {}, second, noise};
    CHECK(unpacked(gzip.member(parts), 200'000) == first + second + noise);
    CHECK(unpacked(gzip.member({}), 10).empty());
  }
}

TEST_CASE("gzip: a large body, in pieces of any length, becomes one member, and so does a small one after it") {
  Gzip gzip;
  std::string text;
  for (unsigned x = 1; text.size() < 1'300'000; x = x * 1664525 + 1013904223)
    text.append("node_series{device=\"").append(std::to_string(x >> 20)).append("\"} 1\n");
  for (const std::size_t piece :
       {std::size_t{1'300'100}, std::size_t{1} << 18, std::size_t{1} << 17, std::size_t{99'991}}) {
    std::vector<std::string_view> parts;
    for (std::size_t at = 0; at < text.size(); at += piece) parts.push_back(std::string_view(text).substr(at, piece));
    CHECK(unpacked(gzip.member(parts), 1'400'000) == text);
    const std::string_view small[] = {"node_load1 0.5\n"};
    CHECK(unpacked(gzip.member(small), 100) == small[0]);
  }
}

}  // namespace gzip_test
