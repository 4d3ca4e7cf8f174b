#pragma once
// The families of a layout, each once: what handbook, metadata and comparisons tell of them.
#include "collectors/base/table.hpp"

#include <vector>

namespace vitald::encode {

struct Family {
  const Layout* layout;
  std::span<const Column> columns;  // several where a fixed label tells them apart

  const Column& column() const { return columns.front(); }
  bool named_by_kernel() const { return layout->named != nullptr; }
  std::string name() const;                      // in full; the beginning where the kernel chooses the rest
  std::vector<std::string_view> labels() const;  // in alphabetical order
};

// In the order of the layout, in which the columns of a family stand together.
std::vector<Family> families(const Layout& layout);

// A literal: "bytes" of node_memory_MemFree_bytes, "seconds" of node_cpu_seconds_total; empty when the name ends in no
// unit.
std::string_view unit_of(std::string_view family);

}  // namespace vitald::encode
