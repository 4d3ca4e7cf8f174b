// libFuzzer: every parser, chosen by the first byte of the input.
//
// Whatever the bytes, a parser neither crashes nor reads past its text (the sanitizers say so), and its rows can be
// written in both encodings: all their texts are good. One kept sheet a parser, as in the daemon.
//   fuzz --seeds FROM TO    makes the first inputs from FROM/<parser>/*, and ends
#include "collectors/base/collector.hpp"
#include "collectors/kernel/loadavg.hpp"
#include "http/encode/exposition.hpp"
#include "http/encode/json.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace {
using namespace vitald;

// The layout by which a collector describes such rows.
const Layout& layout(std::string_view table) {
  for (const auto* entry : catalog())
    for (const auto* each : entry->layouts)
      if (each->name == table) return *each;
  std::fprintf(stderr, "no collector has the table %.*s\n", static_cast<int>(table.size()), table.data());
  std::abort();
}

void encode_all(const Rows& rows) {
  static Out out;
  static encode::Exposition exposition;
  out.clear();
  exposition.write(rows, out);
  encode::json(rows, out);
}

void tell(const Result<void>& done) {
  if (!done) static_cast<void>(to_string(done.error()));
}

// For the parsers that fill one table's rows from one text.
template <class Row>
Row row_of(Result<void> (*)(std::string_view, Sheet<Row>&));
template <auto Parse>
void rows(std::string_view text, std::string_view table) {
  static Sheet<decltype(row_of(Parse))> sheet{layout(table)};
  sheet.rewind();
  tell(Parse(text, sheet));
  encode_all(sheet.rows());
}

struct Target {
  std::string_view name;  // its folder below tests/fuzz/seeds
  void (*parse)(std::string_view text);
};

constexpr Target targets[] = {
    {"loadavg", [](std::string_view text) { rows<kernel::parse_loadavg>(text, "load"); }},
};

namespace fs = std::filesystem;

int write_seeds(const fs::path& from, const fs::path& into) {
  fs::create_directories(into);
  for (std::size_t i = 0; i < std::size(targets); ++i) {
    const auto folder = from / targets[i].name;
    if (!fs::is_directory(folder)) {
      std::fprintf(stderr, "no seeds for a parser: %s\n", folder.c_str());
      return 1;
    }
    for (const auto& seed : fs::directory_iterator(folder)) {
      std::ifstream in(seed.path(), std::ios::binary);
      std::ofstream out(into / (std::string(targets[i].name) + "-" + seed.path().filename().string()),
                        std::ios::binary);
      out << static_cast<char>(i) << in.rdbuf();
    }
  }
  return 0;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  if (*count == 4 && std::string_view((*arguments)[1]) == "--seeds")
    std::exit(write_seeds((*arguments)[2], (*arguments)[3]));
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const auto& target = targets[bytes[0] % std::size(targets)];
  target.parse({reinterpret_cast<const char*>(bytes) + 1, size - 1});
  return 0;
}
