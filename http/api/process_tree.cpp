#include "http/api/process_tree.hpp"

#include "http/api/process_listing.hpp"

#include <algorithm>

namespace vitald::http {
namespace {

constexpr std::size_t none = SIZE_MAX;

// Children by their parents' places.
class Family {
 public:
  explicit Family(const ProcessSample& sample) : sample_(sample), children_(sample.rows.size()) {
    for (std::size_t i = 0; i < sample.rows.size(); ++i) {
      const auto parent = parent_of(i);
      if (parent == none)
        roots_.push_back(i);
      else
        children_[parent].push_back(i);
    }
  }
  // One that is younger than its child has a number that was used before.
  std::size_t parent_of(std::size_t place) const {
    const auto& row = sample_.rows[place];
    const auto* const parent = sample_.find(row.parent);
    if (!parent || parent == &row || parent->start_ticks > row.start_ticks) return none;
    return static_cast<std::size_t>(parent - sample_.rows.data());
  }
  const std::vector<std::size_t>& children_of(std::size_t place) const { return children_[place]; }
  const std::vector<std::size_t>& roots() const { return roots_; }

 private:
  const ProcessSample& sample_;
  std::vector<std::vector<std::size_t>> children_;
  std::vector<std::size_t> roots_;
};

// By a list of what is still to be closed: chains may be long, and the stack is not.
class TreeWriter {
 public:
  TreeWriter(const ProcessQuery& query, const ProcessSample& sample, Out& out)
      : query_(query), sample_(sample), family_(sample), out_(out) {}

  void write(const std::vector<std::size_t>& roots) {
    open_.push_back({&roots, 0});
    out_ << '[';
    while (!open_.empty()) {
      auto& [places, next] = open_.back();
      if (next == places->size()) {
        out_ << ']';
        open_.pop_back();
        if (!open_.empty()) out_ << '}';
        continue;
      }
      if (next != 0) out_ << ',';
      const auto place = (*places)[next++];
      write_open_process(out_, query_.fields, ProcessView(sample_, sample_.rows[place]), query_.viewer);
      out_ << ",\"children\":[";
      open_.push_back({&family_.children_of(place), 0});
      ++written_;
    }
  }
  const std::vector<std::size_t>& roots() const { return family_.roots(); }
  std::size_t written() const { return written_; }

 private:
  struct Open {
    const std::vector<std::size_t>* places;
    std::size_t next;
  };
  const ProcessQuery& query_;
  const ProcessSample& sample_;
  Family family_;
  Out& out_;
  std::vector<Open> open_;
  std::size_t written_ = 0;
};

}  // namespace

Reply process_tree(const ProcessQuery& query, const ProcessSample& sample) {
  Out out;
  out << "{\"data\":";
  TreeWriter writer(query, sample, out);
  std::vector<std::size_t> only;
  if (query.root != 0) {
    const auto* const row = sample.find(query.root);
    if (!row) return problem(Status::not_found, "there is no such process");
    only.push_back(static_cast<std::size_t>(row - sample.rows.data()));
  }
  writer.write(query.root != 0 ? only : writer.roots());
  write_meta(out, query, sample, {writer.written(), 0, writer.written()});
  return text(Status::ok, "application/json", std::string(out.view()));
}

std::vector<const ProcessRow*> children_of(const ProcessSample& sample, const ProcessRow& row, bool recursive) {
  const Family family(sample);
  auto left = family.children_of(static_cast<std::size_t>(&row - sample.rows.data()));
  std::vector<const ProcessRow*> found;
  while (!left.empty()) {
    const auto place = left.back();
    left.pop_back();
    found.push_back(&sample.rows[place]);
    const auto& below = family.children_of(place);
    if (recursive) left.insert(left.end(), below.begin(), below.end());
  }
  std::ranges::sort(found, {}, &ProcessRow::pid);
  return found;
}

std::vector<const ProcessRow*> parents_of(const ProcessSample& sample, const ProcessRow& row) {
  const Family family(sample);
  std::vector<const ProcessRow*> found;
  auto place = family.parent_of(static_cast<std::size_t>(&row - sample.rows.data()));
  while (place != none && found.size() < sample.rows.size()) {
    found.push_back(&sample.rows[place]);
    place = family.parent_of(place);
  }
  return found;
}

}  // namespace vitald::http
