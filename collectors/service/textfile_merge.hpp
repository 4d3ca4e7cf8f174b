#pragma once
// Several text files' families as one page has them: each once.
#include "collectors/service/textfile_piece.hpp"

#include <string>

namespace vitald::service {

// A file that goes into the page.
struct Merged {
  std::string_view path;
  std::shared_ptr<const Piece> piece;
  std::string left_out;  // why not all of it is shown; empty: all is
};

constexpr std::size_t most_samples = std::size_t{1} << 18;  // of all files

// Earlier files go before later ones: a family that is told of in another way (type, help) than before, that would show
// a series twice, or whose samples have the name of another's is left out, and the file says so.
std::shared_ptr<const Foreign> merge(std::span<Merged> files);

}  // namespace vitald::service
