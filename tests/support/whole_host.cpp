#include "tests/support/whole_host.hpp"

#include "collectors/base/scan.hpp"
#include "http/encode/foreign.hpp"
#include "http/encode/foreign_open_metrics.hpp"
#include "tests/support/places.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace vitald::test {
namespace {

void take_setting(std::string_view line, Machine& out) {
  const auto kind = scan::take_word(line);
  if (kind == "flag") {
    const auto flag = scan::take_word(line);
    out.flags.emplace_back(flag, line.substr(line.empty() ? 0 : 1));
  }
  Probe::Question said;
  auto& size = said.size;
  bool known = kind == "flag";
  if (kind == "errno") known = scan::numbers(line, said.error);
  if (kind == "statfs")
    known = scan::numbers(line, size.block_size, size.blocks, size.free, size.available, size.files, size.files_free);
  REQUIRE_MESSAGE(known, "a machine's line begins with flag, statfs or errno: " << std::string(kind));
  if (kind != "flag") out.answers.emplace(line.substr(1), said);
}

bool is_of_the_tree(const Rows& rows) { return !rows.layout->source.ends_with("(2)"); }

// A tree has no services to ask.
bool asks_a_service(const Entry& entry) { return entry.layouts.front()->source.starts_with("D-Bus"); }

}  // namespace

Machine machine(std::string_view host) {
  std::ifstream in((hosts + "/").append(host).append(".run"));
  REQUIRE_MESSAGE(in.good(), "no such machine: " << std::string(host));
  Machine made;
  for (std::string line; std::getline(in, line);)
    if (!line.starts_with('#')) take_setting(line, made);
  return made;
}

std::set<std::string> all_hosts() {
  std::set<std::string> names;
  for (const auto& each : std::filesystem::directory_iterator(hosts))
    if (each.path().extension() == ".tree") names.insert(each.path().stem());
  return names;
}

void answer(FakeProbe& probe, const Machine& machine, const Roots& roots) {
  for (const auto& [point, said] : machine.answers)
    probe.answers[point == "/" ? roots.rootfs : roots.rootfs + point] = said;
}

WholeHost::WholeHost(const Roots& roots, const Flags& flags, Probe& probe)
    : environment_{roots, options_, sources_, probe, probe, probe, remarks_} {
  for (const auto* each : catalog())
    for (const auto& option : each->options) options_.declare(option);
  for (const auto* by_netlink : {"collector.arp.netlink", "collector.netdev.netlink"})
    options_.give(by_netlink, {"false"});  // the files are the machine's, netlink is this one's
  for (const auto& [flag, value] : flags) options_.give(flag, {value});
  give(options_, flags);
  for (const auto* each : catalog())
    if (!asks_a_service(*each)) told_.push_back({each, each->make(environment_)});
}

void WholeHost::collect() {
  using std::chrono::steady_clock;
  sources_.next_generation();
  for (auto& told : told_) {
    told.page.rewind();
    const auto start = steady_clock::now();
    told.done = told.collector->collect(told.page);
    told.took = steady_clock::now() - start;
  }
}

const WholeHost::Told& WholeHost::operator[](std::string_view collector) const {
  const auto found = std::ranges::find(told_, collector, [](const Told& told) { return told.entry->name; });
  REQUIRE(found != told_.end());
  return *found;
}

std::string WholeHost::text_of(const Told& told, encode::Format format) const {
  Out out;
  if (!told.done) {
    out << "# " << told.entry->name << " failed: " << to_string(told.done.error()) << '\n';
    if (!told.page.shown_despite_fault) return without_root(out.view());
  }
  encode::Exposition exposition(format);
  told.page.each([&](const Rows& rows) {
    if (is_of_the_tree(rows)) exposition.write(rows, out);
  });
  if (told.page.foreign) {
    encode::make_text(*told.page.foreign);
    encode::make_open_metrics(*told.page.foreign, [](std::string_view) { return false; });
    out << (format == encode::Format::text ? told.page.foreign->text : told.page.foreign->open_metrics).text.view();
  }
  return without_root(out.view());
}

// The tree lies elsewhere each time.
std::string WholeHost::without_root(std::string_view text) const {
  std::string made(text);
  const auto& root = environment_.roots.rootfs;
  for (auto at = made.find(root); root != "/" && at != made.npos; at = made.find(root, at)) made.erase(at, root.size());
  return made;
}

std::string WholeHost::text(encode::Format format) const {
  std::string all;
  for (const auto& told : told_) all += text_of(told, format);
  return all;
}

}  // namespace vitald::test
