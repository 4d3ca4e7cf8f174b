// Writes the parts of the documents that are made from the code.   ninja -C build/release docs
#include "tests/support/docs.hpp"
#include "tests/support/places.hpp"

#include <cstdio>
#include <exception>
#include <fstream>

int main() try {
  using namespace vitald::test;
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
