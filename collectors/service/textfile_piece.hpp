#pragma once
// One text file, made ready to be shown: labels in order and alike in all samples of a family, as node_exporter has it.
#include "collectors/base/foreign.hpp"

#include <deque>
#include <string>
#include <vector>

namespace vitald::service {

struct Piece {
  struct Family {
    std::string_view name, help;
    metrics_text::Kind kind = metrics_text::Kind::untyped;
    bool has_help = false;
    std::span<const Foreign::Sample> samples;  // never empty
  };

  Piece() = default;
  Piece(const Piece&) = delete;  // views look into it
  Piece& operator=(const Piece&) = delete;

  std::string text;              // of the file
  std::deque<std::string> made;  // what is written otherwise than in the text
  std::vector<Foreign::Label> labels;
  std::vector<Foreign::Sample> samples;
  std::vector<Family> families;
};

constexpr std::size_t most_labels = std::size_t{1} << 20;  // of one file, with those that are added

// From its text. A Fault has line and reason, and then the piece is of no use.
Result<void> make_piece(metrics_text::Document& scratch, Piece& piece);

// As Go writes a bucket's or quantile's bound: "0.5", "1e+06", "+Inf".
std::string bound_text(double bound);

}  // namespace vitald::service
