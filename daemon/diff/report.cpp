#include "daemon/diff/report.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace vitald::diff {
namespace {

constexpr std::size_t most_examples = 5;

bool is_change(What what) { return !is_loss(what) && !is_gain(what); }
bool is_lost(What what) { return is_loss(what); }
bool is_gained(What what) { return is_gain(what); }

void counted(Out& out, std::size_t count, std::string_view one, std::string_view more) {
  out.number(count);
  out << ' ' << (count == 1 ? one : more);
}

void write_page(std::string_view whose, const Report::Page& page, Out& out) {
  out << whose << (page.program.empty() ? "a page" : std::string_view(page.program));
  if (!page.version.empty()) out << ' ' << page.version;
  out << " at " << page.url << ": ";
  counted(out, page.families, "family", "families");
  out << ", ";
  counted(out, page.series, "series", "series");
  out << '\n';
}

bool is_family(What what) { return what == What::lost_family || what == What::gained_family; }

void write_examples(const std::vector<const Finding*>& group, Out& out) {
  for (std::size_t i = 0; i < std::min(group.size(), most_examples); ++i)
    if (!group[i]->detail.empty()) out << "    " << group[i]->detail << '\n';
  if (group.size() <= most_examples) return;
  out << "    and ";
  out.number(group.size() - most_examples);
  out << " more (--json has them)\n";
}

// Whole families, which share their reason; or what happened within one, with some examples.
void write_group(const std::vector<const Finding*>& group, bool several_pages, Out& out) {
  const auto& first = *group.front();
  const bool families = is_family(first.what);
  out << "  "
      << (families ? first.what == What::lost_family ? "lost families" : "gained families" : name_of(first.what));
  if (!families) out << ": " << first.family;
  if (!first.why.empty()) out << ": " << first.why;
  if (several_pages) out << " [" << first.against << ']';
  out << '\n';
  if (!families) return write_examples(group, out);
  for (const auto* each : group) {
    out << "    " << each->family << " (";
    counted(out, each->series, "series", "series");
    out << ")\n";
  }
}

using Group = std::vector<const Finding*>;

// Series that have the same labels in several families: a device that is there or not.
void write_device(std::string_view labels, const Group& group, bool several_pages, Out& out) {
  out << "  " << name_of(group.front()->what) << ": " << labels << " in ";
  counted(out, group.size(), "family", "families");
  if (several_pages) out << " [" << group.front()->against << ']';
  out << "\n    ";
  for (std::size_t i = 0; i < std::min(group.size(), most_examples); ++i)
    out << (i == 0 ? "" : ", ") << group[i]->family;
  out << (group.size() > most_examples ? ", …\n" : "\n");
}

void write_unexplained(const Report& report, std::string_view heading, bool (*of)(What), Out& out) {
  std::map<std::tuple<std::string, What, std::string>, Group> devices, families;
  for (const auto& each : report.findings) {
    if (each.explained || !of(each.what)) continue;
    const bool is_series = each.what == What::lost_series || each.what == What::gained_series;
    const auto labels = is_series ? each.detail.substr(std::min(each.detail.find('{'), each.detail.size())) : "";
    if (!labels.empty()) devices[{each.against, each.what, labels}].push_back(&each);
    families[{each.against, each.what, is_family(each.what) ? each.why : each.family}].push_back(&each);
  }
  if (families.empty()) return;
  out << '\n' << heading << '\n';
  std::set<const Finding*> told;
  for (const auto& [device, group] : devices) {
    if (group.size() < 3) continue;
    write_device(std::get<2>(device), group, report.theirs.size() > 1, out);
    told.insert(group.begin(), group.end());
  }
  for (auto& [_, group] : families) {
    std::erase_if(group, [&](const Finding* each) { return told.contains(each); });
    if (!group.empty()) write_group(group, report.theirs.size() > 1, out);
  }
}

// By reason: how much it explains, and the families.
void write_explained(const Report& report, Out& out) {
  std::map<std::pair<std::string_view, std::string_view>, std::pair<std::size_t, std::set<std::string_view>>> reasons;
  for (const auto& each : report.findings) {
    if (!each.explained) continue;
    const auto side = is_loss(each.what) ? "theirs alone" : is_gain(each.what) ? "ours alone" : "both";
    auto& [findings, families] = reasons[{side, each.why}];
    ++findings;
    families.insert(each.family);
  }
  if (reasons.empty()) return;
  out << "\nKnown, and no faults\n";
  for (const auto& [reason, told] : reasons) {
    out << "  " << reason.first << ": " << reason.second << "\n    ";
    std::size_t shown = 0;
    for (const auto family : told.second) {
      if (shown == most_examples) break;
      out << (shown++ == 0 ? "" : ", ") << family;
    }
    if (told.second.size() > shown) {
      out << " and ";
      counted(out, told.second.size() - shown, "other family", "other families");
    }
    out << '\n';
  }
}

void write_losses(const Report& report, Out& out) {
  if (report.queries == 0) return;
  out << "\nRules and panels: ";
  counted(out, report.queries, "is read", "are read");
  out << ", ";
  counted(out, report.concerned, "asks", "ask");
  out << " for what is on their pages, ";
  counted(out, report.losses.size(), "loses something", "lose something");
  out << '\n';
  for (const auto& [query, reasons] : report.losses) {
    out << "  " << query->file << ": " << query->place << ": " << query->kind << " \"" << query->name << "\"\n";
    for (const auto& reason : reasons) out << "    " << reason << '\n';
  }
}

}  // namespace

std::size_t Report::unexplained(bool (*of)(What)) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(findings, [&](const Finding& each) { return !each.explained && of(each.what); }));
}

bool Report::lost_something() const { return unexplained(is_lost) != 0 || !losses.empty(); }

Report::Page page_of(const Side& side, std::string url) {
  const auto families =
      std::ranges::count_if(side.families(), [](const auto& each) { return !each.second.series.empty(); });
  return {std::move(url), side.program(), side.version(), static_cast<std::size_t>(families), side.series()};
}

void write_text(const Report& report, Out& out) {
  write_page("ours:   ", report.ours, out);
  for (const auto& page : report.theirs) write_page("theirs: ", page, out);
  write_unexplained(report, "Lost", is_lost, out);
  write_unexplained(report, "Changed", is_change, out);
  write_unexplained(report, "Gained", is_gained, out);
  write_explained(report, out);
  write_losses(report, out);
  out << "\nLost: ";
  out.number(report.unexplained(is_lost));
  out << ", changed: ";
  out.number(report.unexplained(is_change));
  out << ", gained: ";
  out.number(report.unexplained(is_gained));
  out << "; known and no faults: ";
  out.number(static_cast<std::size_t>(std::ranges::count_if(report.findings, &Finding::explained)));
  out << '\n';
}

}  // namespace vitald::diff
