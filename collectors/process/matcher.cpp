#include "collectors/process/matcher.hpp"

#include "collectors/base/utf8.hpp"
#include "collectors/process/texts.hpp"

#include <time.h>

#include <algorithm>
#include <utility>

namespace vitald::process {
namespace {

using Part = GroupRules::Part;

constexpr std::string_view no_value = "<no value>";  // as Go's templates write it

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// What is read and made of a subject once.
struct Facts {
  const Subject& subject;
  bool has_command = false;
  std::string exe, line, comm;  // argv[0]; all arguments joined by blanks

  explicit Facts(const Subject& of) : subject(of), comm(valid_utf8(of.comm)) {}

  void read_command() {
    if (has_command) return;
    has_command = true;
    auto rest = subject.command();
    std::string_view copy = rest;
    exe = valid_utf8(take_argument(copy));
    line = valid_utf8(rest);
    std::ranges::replace(line, '\0', ' ');
  }
  std::string_view exe_base() {
    read_command();
    return exe.empty() ? std::string_view(comm) : base_name(exe);
  }
};

// One with a slash is the whole path, one without is its last part.
bool is_exe(std::string_view wanted, std::string_view exe) {
  return wanted == (wanted.find('/') == wanted.npos ? base_name(exe) : exe);
}

std::string time_text(std::int64_t seconds) {
  const std::time_t when = seconds;
  std::tm parts{};
  char text[64];
  ::gmtime_r(&when, &parts);
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S +0000 UTC", &parts)};
}

std::string cgroup_at(std::string_view paths, std::size_t index) {
  for (std::string_view path; take_cgroup(paths, path);)
    if (index-- == 0) return std::string(path);
  return std::string(no_value);
}

std::string cgroup_list(std::string_view paths) {
  std::string all = "[";
  for (std::string_view path; take_cgroup(paths, path);) all.append(all.size() > 1 ? " " : "").append(path);
  return all + "]";
}

std::string text_of(const Part& part, Facts& facts, const Captures& captures) {
  const auto& subject = facts.subject;
  switch (part.kind) {
    case Part::Kind::text: return part.text;
    case Part::Kind::comm: return facts.comm;
    case Part::Kind::exe_base: return std::string(facts.exe_base());
    case Part::Kind::exe_full: return facts.read_command(), facts.exe;
    case Part::Kind::username: return subject.username();
    case Part::Kind::pid: return std::to_string(subject.pid);
    case Part::Kind::start_time: return time_text(subject.start_seconds);
    case Part::Kind::cgroups: return cgroup_list(subject.cgroups());
    case Part::Kind::cgroup: return cgroup_at(subject.cgroups(), part.index);
    case Part::Kind::match: break;
  }
  const auto found = std::find_if(captures.rbegin(), captures.rend(),
                                  [&](const auto& each) { return each.first == part.text; });  // a later one counts
  return found == captures.rend() ? std::string(no_value) : found->second;
}

}  // namespace

std::string valid_utf8(std::string_view text) {
  std::string made;
  while (!text.empty()) {
    const auto taken = utf8::next(text);
    made.append(utf8::valid(taken) ? taken : utf8::replacement);
    text.remove_prefix(taken.size());
  }
  return made;
}

Matcher::Matcher(GroupRules rules) : all_(std::move(rules)) {
  for (const auto& said : all_.rules) {
    auto& rule = rules_.emplace_back(Rule{&said, {}});
    for (const auto& each : said.cmdline) rule.cmdline.emplace_back(each);
  }
}

std::optional<std::string> Matcher::group_of(const Subject& subject) const {
  Facts facts(subject);
  Captures captures;
  const auto matches = [&](const Rule& rule) {
    const auto& said = *rule.said;
    if (!said.comm.empty() && std::ranges::find(said.comm, subject.comm) == said.comm.end()) return false;
    if (said.exe.empty() && rule.cmdline.empty()) return true;
    facts.read_command();
    const auto is_this = [&](const std::string& wanted) { return is_exe(wanted, facts.exe); };
    if (!said.exe.empty() && !std::ranges::any_of(said.exe, is_this)) return false;
    captures.clear();
    return std::ranges::all_of(rule.cmdline, [&](const auto& each) { return each.find(facts.line, captures); });
  };
  const auto found = std::ranges::find_if(rules_, matches);
  if (found == rules_.end()) return {};
  std::string name;
  for (const auto& part : found->said->name) name += text_of(part, facts, captures);
  name.resize(std::min(name.size(), most_name_bytes));
  return valid_utf8(name);
}

std::vector<std::string> Matcher::fixed_names() const {
  std::vector<std::string> names;
  for (const auto& rule : rules_) {
    const auto& parts = rule.said->name;
    if (!std::ranges::all_of(parts, [](const Part& part) { return part.kind == Part::Kind::text; })) continue;
    std::string name;
    for (const auto& part : parts) name += part.text;
    names.push_back(valid_utf8(name.substr(0, most_name_bytes)));
  }
  return names;
}

}  // namespace vitald::process
