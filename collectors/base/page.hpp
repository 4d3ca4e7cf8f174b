#pragma once
// A collector's snapshot: filled once by a reader, then shared and never changed.
#include "collectors/base/encoded.hpp"
#include "collectors/base/foreign.hpp"
#include "collectors/base/result.hpp"
#include "collectors/base/table.hpp"
#include "collectors/base/text.hpp"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace vitald {

class SheetBase {
 public:
  virtual ~SheetBase() = default;
  virtual void rewind() = 0;
  virtual Rows rows() const = 0;
};

// Rows of one table, in the order in which they came. They keep their texts' capacity from one filling to the next.
template <class Row>
class Sheet final : public SheetBase {
 public:
  explicit Sheet(const Layout& layout) : layout_(&layout) {}
  // A row with every member at its default; good until the next one.
  Row& next() {
    if (used_ == rows_.size())
      rows_.emplace_back();
    else
      rows_[used_] = Row{};
    return rows_[used_++];
  }
  void drop_last() { --used_; }  // there must be one
  void rewind() override { used_ = 0; }
  Rows rows() const override { return {layout_, rows_.data(), used_, sizeof(Row)}; }
  std::span<const Row> view() const { return {rows_.data(), used_}; }
  std::span<Row> view() { return {rows_.data(), used_}; }

 private:
  const Layout* layout_;
  std::vector<Row> rows_;
  std::size_t used_ = 0;
};

class Page {
 public:
  // The rows of a table, added the first time; tables are shown in the order in which they were first asked for.
  template <class Row>
  Sheet<Row>& sheet(const Table<Row>& table) {
    for (auto& [layout, sheet] : sheets_)
      if (layout == &table) return static_cast<Sheet<Row>&>(*sheet);
    sheets_.emplace_back(&table, std::make_unique<Sheet<Row>>(table));
    return static_cast<Sheet<Row>&>(*sheets_.back().second);
  }
  void rewind() {  // empty again, with all memory and all tables kept
    for (auto& [_, sheet] : sheets_) sheet->rewind();
    foreign.reset();
    for (auto* kept : {&text, &open_metrics}) kept->rewind();
    shown_despite_fault = false;
    lacking.reset();
  }
  template <class Visitor>
  void each(Visitor&& visit) const {
    for (const auto& [_, sheet] : sheets_) visit(sheet->rows());
  }

  // A fault leaves what the page has: set by a collector only where the peer shows what it had, too.
  bool shown_despite_fault = false;

  // Set by a collector that has nothing to tell without failing: why there is nothing.
  std::optional<Fault> lacking;

  // Families that others made, shown after the tables; none for most collectors.
  std::shared_ptr<const Foreign> foreign;

  // The tables in each text format: made by the loop when first asked for, then shared.
  mutable Encoded text, open_metrics;

 private:
  std::vector<std::pair<const Layout*, std::unique_ptr<SheetBase>>> sheets_;
};

// Hands out pages that no reader holds any more. The loop's thread only.
class Pages {
 public:
  std::shared_ptr<Page> blank() {
    for (auto& page : pages_)
      if (page.use_count() == 1) {
        page->rewind();
        return page;
      }
    return pages_.emplace_back(std::make_shared<Page>());
  }

 private:
  std::vector<std::shared_ptr<Page>> pages_;
};

}  // namespace vitald
