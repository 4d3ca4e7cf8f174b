// Writes the files, and the parts of the documents, that are made from the code.   ninja -C build/release docs
#include "tests/support/docs.hpp"
#include "tests/support/generated_files.hpp"
#include "tests/support/places.hpp"

#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace {

void write(const vitald::test::GeneratedFile& made) {
  const std::filesystem::path path(vitald::test::source_tree + "/" + std::string(made.file));
  std::ifstream in(path);
  if (std::string(std::istreambuf_iterator<char>(in), {}) == made.text) return;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path) << made.text;
  std::printf("%.*s\n", static_cast<int>(made.file.size()), made.file.data());
}

}  // namespace

int main() try {
  using namespace vitald::test;
  for (const auto& made : generated_files()) write(made);
  for (const auto& section : generated_sections()) {
    auto document = read_document(section.file);
    const auto old = between_marks(document, section.name);
    if (old == section.text) continue;
    document.replace(static_cast<std::size_t>(old.data() - document.data()), old.size(), section.text);
    std::ofstream((source_tree + "/").append(section.file)) << document;
    std::printf("%.*s: %.*s\n", static_cast<int>(section.file.size()), section.file.data(),
                static_cast<int>(section.name.size()), section.name.data());
  }
  return 0;
} catch (const std::exception& fault) {
  std::fprintf(stderr, "write_docs: %s\n", fault.what());
  return 1;
}
