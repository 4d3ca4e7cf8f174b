#include "collectors/service/textfile_merge.hpp"

#include <algorithm>
#include <map>

namespace vitald::service {
namespace {

using metrics_text::Kind;

struct Part {
  Merged* file;
  const Piece::Family* family;
};

// What is the daemon's own on every page.
bool is_reserved(std::string_view name) {
  constexpr std::string_view names[] = {"node_exporter_build_info", "node_scrape_collector_duration_seconds",
                                        "node_scrape_collector_success", "node_textfile_mtime_seconds",
                                        "node_textfile_scrape_error"};
  return name.starts_with("vitald_") || std::ranges::find(names, name) != std::end(names);
}

// The names of the samples that the family may have.
std::vector<std::string> names_of(const Piece::Family& family) {
  const std::string name(family.name);
  if (family.kind == Kind::histogram) return {name + "_bucket", name + "_sum", name + "_count", name};
  if (family.kind == Kind::summary) return {name, name + "_sum", name + "_count"};
  return {name};
}

void leave_out(const Part& part, std::string_view why) {
  if (part.file->left_out.empty())
    part.file->left_out.append("the family ").append(part.family->name).append(" is left out: ").append(why);
}

class Merger {
 public:
  void group(Merged& file);
  std::shared_ptr<const Foreign> finish();

 private:
  void add(std::string_view name, std::span<const Part> parts);
  std::string_view clash(const Part& part, const Foreign::Family& family, const Piece::Family& first);
  bool doubles(const Piece::Family& more, const Foreign::Family& family);

  std::vector<std::string_view> order_;  // of the families: as they first come
  std::map<std::string_view, std::vector<Part>> groups_;
  std::map<std::string, std::string_view, std::less<>> taken_;  // samples' names, and whose they are
  std::shared_ptr<Foreign> made_ = std::make_shared<Foreign>();
  HashSlots slots_;
  std::vector<const Foreign::Sample*> seen_;  // of the family, once it has more than one part
};

void Merger::group(Merged& file) {
  made_->kept.push_back(file.piece);
  for (const auto& family : file.piece->families) {
    const Part part{&file, &family};
    if (is_reserved(family.name)) {
      leave_out(part, "its name is the daemon's own");
      continue;
    }
    auto& parts = groups_[family.name];
    if (parts.empty()) order_.push_back(family.name);
    parts.push_back(part);
  }
}

std::shared_ptr<const Foreign> Merger::finish() {
  for (const auto name : order_) add(name, groups_[name]);
  return std::move(made_);
}

void Merger::add(std::string_view name, std::span<const Part> parts) {
  const auto& first = *parts.front().family;
  const auto names = names_of(first);
  if (std::ranges::any_of(names, [&](const auto& each) { return taken_.contains(each); })) {
    for (const auto& part : parts) leave_out(part, "its samples have the names of another family's");
    return;
  }
  for (const auto& each : names) taken_.emplace(each, name);
  auto& family = made_->families.emplace_back();
  family.name = name;
  family.kind = first.kind;
  std::string paths;
  bool has_help = false;
  slots_.clear();
  seen_.clear();
  for (const auto& part : parts) {
    const bool differs = has_help && part.family->has_help && part.family->help != family.help;
    const auto why = differs ? "its help is another than in an earlier file" : clash(part, family, first);
    if (!why.empty()) {
      leave_out(part, why);
      continue;
    }
    family.parts.push_back(part.family->samples);
    if (part.family->has_help && !std::exchange(has_help, true)) family.help = part.family->help;
    paths.append(paths.empty() ? "" : ", ").append(part.file->path);
  }
  if (!has_help) family.help = "Read from " + paths + ".";
}

std::string_view Merger::clash(const Part& part, const Foreign::Family& family, const Piece::Family& first) {
  if (part.family == &first) return {};
  if (part.family->kind != family.kind) return "its type is another than in an earlier file";
  return doubles(*part.family, family) ? "a series of it stands in an earlier file" : "";
}

bool Merger::doubles(const Piece::Family& more, const Foreign::Family& family) {
  const auto add_all = [&](std::span<const Foreign::Sample> samples, bool just_look) {
    for (const auto& sample : samples) {
      const auto same = [&](std::uint32_t other) {
        return seen_[other]->name == sample.name && metrics_text::same_labels(seen_[other]->labels, sample.labels);
      };
      const auto hash = metrics_text::hash_of(sample.name, sample.labels);
      std::uint32_t found = 0;
      if (just_look && slots_.find(hash, found, same)) return true;
      if (just_look) continue;
      slots_.find_or_add(hash, static_cast<std::uint32_t>(seen_.size()), same);
      seen_.push_back(&sample);
    }
    return false;
  };
  if (seen_.empty()) add_all(family.parts.front(), false);
  if (add_all(more.samples, true)) return true;
  return add_all(more.samples, false);
}

}  // namespace

std::shared_ptr<const Foreign> merge(std::span<Merged> files) {
  Merger merger;
  std::size_t samples = 0;
  for (auto& file : files) {
    file.left_out.clear();
    samples += file.piece->samples.size();
    if (samples > most_samples)
      file.left_out = "all files together have more samples than are shown";
    else
      merger.group(file);
  }
  return merger.finish();
}

}  // namespace vitald::service
