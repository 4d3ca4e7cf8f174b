#include "daemon/diff/diff.hpp"

#include "daemon/diff/arguments.hpp"
#include "daemon/diff/compare.hpp"
#include "daemon/diff/fetch.hpp"
#include "daemon/diff/known.hpp"
#include "daemon/diff/queries.hpp"
#include "daemon/diff/report.hpp"
#include "http/encode/json.hpp"

#include <sysexits.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <thread>

namespace vitald::diff {
namespace {

constexpr auto pause =
    std::chrono::milliseconds(300);  // longer than --web.freshness, so that each reading is a new one
constexpr int least_rounds = 2, most_rounds = 6;
constexpr std::size_t most_of_a_file = std::size_t{16} << 20;

void print(std::string_view text, std::FILE* to = stdout) { std::fwrite(text.data(), 1, text.size(), to); }

int refuse(const std::string& why, int status) {
  print("vitald diff: " + why + "\n", stderr);
  return status;
}

// Whatever a page holds, the terminal is told nothing but lines.
std::string harmless(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return c != '\n' && is_control(c); }, '?');
  return text;
}

void write_known(Out& out) {
  constexpr std::string_view wheres[] = {"ours", "theirs", "value", "both"};
  std::string_view comma;
  out << '[';
  for (const auto& known : known_differences()) {
    out << std::exchange(comma, ",\n ") << "{\"where\":\"" << wheres[static_cast<std::size_t>(known.where)]
        << "\",\"families\":";
    encode::quoted(out, known.families);
    out << ",\"label\":\"" << known.label << "\",\"values\":";
    encode::quoted(out, known.values);
    out << ",\"since\":\"" << known.since << "\",\"why\":";
    encode::quoted(out, known.why);
    out << '}';
  }
  out << "]\n";
}

using QueryReader = QueriesRead (*)(std::string_view, const std::string&, std::vector<Query>&);

bool read_file(const std::string& path, std::string& out) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "re"), std::fclose);
  if (!file) return false;
  out.resize(most_of_a_file + 1);
  out.resize(std::fread(out.data(), 1, out.size(), file.get()));
  return std::ferror(file.get()) == 0;
}

void remark(const std::string& text) { print("vitald diff: " + text + "\n", stderr); }

// What is in order and holds something else is passed by (a pattern may take it along), unless nothing is left.
std::string read_files(const std::vector<std::string>& files, std::string_view what, QueryReader read,
                       std::vector<Query>& out) {
  std::vector<std::string> others;
  for (const auto& file : files) {
    std::string text;
    if (!read_file(file, text)) return file + ": cannot be read";
    if (text.size() > most_of_a_file) return file + ": is larger than 16 MiB";
    const auto done = read(text, file, out);
    if (!done.fault.empty()) return file + ": " + done.fault;
    for (const auto& each : done.remarks) remark(file + ": " + each);
    if (done.others) others.push_back(file);
  }
  for (const auto& file : others) {
    auto told = file + ": " + std::string(what);
    if (others.size() == files.size()) return told;
    remark(told + "; passed by");
  }
  return {};
}

class Comparing {
 public:
  explicit Comparing(const std::vector<Url>& urls) : urls_(urls), sides_(urls.size()) {}

  // Asks all pages once, in turn; why not otherwise.
  std::string ask() {
    for (std::size_t i = 0; i < urls_.size(); ++i) {
      const auto fetched = fetch(urls_[i]);
      if (!fetched.fault.empty()) return urls_[i].shown + ": " + fetched.fault;
      if (const auto done = sides_[i].add(fetched.body); !done)
        return urls_[i].shown + ": not the text format of Prometheus: " + to_string(done.error());
      if (sides_[i].series() == 0) return urls_[i].shown + ": no sample is on this page";
    }
    findings_ = findings();
    return {};
  }

  // Whether another look could tell more.
  bool in_doubt() const {
    return std::ranges::any_of(findings_, [](const Finding& each) { return !each.explained && !is_gain(each.what); });
  }

  Report report() const {
    Report made;
    made.ours = page_of(sides_.front(), urls_.front().shown);
    for (std::size_t i = 1; i < sides_.size(); ++i) made.theirs.push_back(page_of(sides_[i], urls_[i].shown));
    made.findings = findings_;
    return made;
  }
  const Side& ours() const { return sides_.front(); }
  std::span<const Side> theirs() const { return std::span(sides_).subspan(1); }

 private:
  std::vector<Finding> findings() const {
    std::vector<Finding> all;
    for (std::size_t i = 1; i < sides_.size(); ++i)
      for (auto& each : compare(sides_.front(), sides_[i], urls_[i].shown))
        if (each.what != What::gained_family || (i == 1 && !others_have(each.family))) all.push_back(std::move(each));
    return all;
  }
  bool others_have(const std::string& family) const {
    return std::ranges::any_of(theirs(), [&](const Side& side) { return side.families().contains(family); });
  }

  const std::vector<Url>& urls_;
  std::vector<Side> sides_;  // ours first
  std::vector<Finding> findings_;
};

}  // namespace

int run(std::span<char* const> words) {
  const auto arguments = read_arguments(words);
  Out out;
  if (arguments.help) return print(usage_text()), EX_OK;
  if (arguments.known) return write_known(out), print(out.view()), EX_OK;
  if (!arguments.fault.empty()) return refuse(arguments.fault + "; try vitald diff --help", EX_USAGE);
  std::vector<Query> queries;
  auto fault = read_files(arguments.rules, "no rules are here: groups is missing", read_rules, queries);
  if (fault.empty())
    fault = read_files(arguments.dashboards, "no dashboard is here: panels is missing", read_dashboard, queries);
  if (!fault.empty()) return refuse(fault, EX_USAGE);
  Comparing comparing(arguments.urls);
  for (int round = 0; round < least_rounds || (round < most_rounds && comparing.in_doubt()); ++round) {
    if (round != 0) std::this_thread::sleep_for(pause);
    if (fault = comparing.ask(); !fault.empty()) return refuse(fault, EX_UNAVAILABLE);
  }
  auto report = comparing.report();
  report.queries = queries.size();
  report.concerned = concerned(queries, comparing.theirs());
  report.losses = losses(queries, comparing.ours(), comparing.theirs());
  if (arguments.json)
    write_json(report, out), print(out.view());
  else
    write_text(report, out), print(harmless(std::string(out.view())));
  const bool changed = arguments.strict && comparing.in_doubt();
  return report.lost_something() || changed ? 1 : EX_OK;
}

}  // namespace vitald::diff
