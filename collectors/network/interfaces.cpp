#include "collectors/network/interfaces.hpp"

#include "collectors/base/attribute.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace vitald::network {
namespace {

constexpr std::string_view no_interface = "bonding_masters";  // the one file among the folders
constexpr unsigned strange_until_not_ours = 3;                // an interface may come or go between dump and listing
enum Place : std::uint8_t { speed, duplex, flags, places };

}  // namespace

struct Interfaces::Known {
  std::uint32_t index;
  Text name;
  bool believed = false, by_call = false;
  Number address_assign_type = {}, device_id = {}, name_assign_type = {};
  std::array<int, places> kept = {-1, -1, -1};
  std::size_t round = 0;
};

Interfaces::Interfaces(const Environment& environment)
    : folder_(environment.roots.sys + "/class/net", most), files_(environment), links_(environment.sources.links()) {}

Interfaces::~Interfaces() {
  for (auto& each : known_)
    for (auto& file : each->kept) files_.close(file);
}

Result<void> Interfaces::read(SeenNames& wanted, Sheet<Interface>& out) {
  auto heard = folder_.live() ? hear_events() : LinkEvents::Heard::deaf;
  if (heard != LinkEvents::Heard::nothing || !ours_ || strange_ != 0) {
    const auto names = folder_.list();
    if (!names) return names.error();
    names_ = *names;
  }
  if (heard == LinkEvents::Heard::deaf && folder_.live()) heard = hear_events();
  wanted.begin();
  ++round_;
  seen_ = believed_ = 0;
  std::optional<SharedLinks::Loan> loan;
  if (heard != LinkEvents::Heard::deaf)
    if (auto lent = links_.read()) loan.emplace(std::move(*lent));
  const auto links = loan ? **loan : std::span<const netlink::Link>();
  const bool ours = loan && is_ours(names_, links);
  for (const auto name : names_) {
    if (name == no_interface || !wanted.keeps(name)) continue;
    if (out.view().size() == most) return Fault{Parse::too_large, folder_.path()};
    const auto there = read_one(name, ours ? find(name, links) : nullptr, out.next());
    if (!there) return there.error();
    if (!*there) out.drop_last();
  }
  if (known_.size() != seen_) forget_unseen();
  return {};
}

// To be called before anything is read: what changes after it was read is told the next time.
LinkEvents::Heard Interfaces::hear_events() {
  const auto heard = events_.listen(changed_);
  if (heard == LinkEvents::Heard::deaf || heard == LinkEvents::Heard::nothing) return heard;
  std::ranges::sort(changed_);
  for (auto& each : known_)
    if (heard == LinkEvents::Heard::lost || std::ranges::binary_search(changed_, each->index)) each->believed = false;
  return heard;
}

bool Interfaces::is_ours(std::span<const std::string_view> names, std::span<const netlink::Link> links) {
  const auto name_of = [&](std::uint32_t place) { return links[place].name.view(); };
  if (by_name_.size() != links.size()) {
    by_name_.resize(links.size());
    std::iota(by_name_.begin(), by_name_.end(), 0U);
  }
  if (!std::ranges::is_sorted(by_name_, {}, name_of)) std::ranges::sort(by_name_, {}, name_of);
  std::size_t common = 0, folders = 0;
  auto at = by_name_.begin();
  for (const auto name : names) {
    while (at != by_name_.end() && name_of(*at) < name) ++at;
    const bool told = at != by_name_.end() && name_of(*at) == name;
    common += told;
    folders += told || name != no_interface;
  }
  const bool same = common == links.size() && common == folders;
  strange_ = same ? 0 : strange_ + 1;
  if (same) ours_ = true;
  if (strange_ >= strange_until_not_ours) ours_ = false;
  return ours_;
}

const netlink::Link* Interfaces::find(std::string_view name, std::span<const netlink::Link> links) const {
  const auto name_of = [&](std::uint32_t place) { return links[place].name.view(); };
  const auto at = std::ranges::lower_bound(by_name_, name, {}, name_of);
  return at != by_name_.end() && name_of(*at) == name ? &links[*at] : nullptr;
}

Interfaces::Known& Interfaces::known(const netlink::Link& link) {
  const auto at = std::ranges::lower_bound(known_, link.index, {}, [](const auto& each) { return each->index; });
  const bool is_new = at == known_.end() || (*at)->index != link.index;
  auto& found = is_new ? **known_.insert(at, std::make_unique<Known>()) : **at;
  found.index = link.index;
  if (found.name != link.name.view()) {
    found.name = link.name.view();
    found.believed = false;
  }
  if (found.round != round_) ++seen_;
  found.round = round_;
  return found;
}

void Interfaces::forget_unseen() {
  std::erase_if(known_, [&](const auto& each) {
    if (each->round == round_) return false;
    for (auto& file : each->kept) files_.close(file);
    return true;
  });
}

Result<bool> Interfaces::read_one(std::string_view name, const netlink::Link* link, Interface& out) {
  if (!link) return files_.read(name, out);
  auto& it = known(*link);
  if (!it.believed) return compare(it, *link, out);
  ++believed_;
  const auto filled = fill(it, *link, out);
  return filled ? Result<bool>(true) : filled.error();
}

Result<void> Interfaces::fill(Known& it, const netlink::Link& link, Interface& out) {
  fill_as_files(link, out);
  out.address_assign_type = it.address_assign_type;
  out.device_id = it.device_id;
  out.name_assign_type = it.name_assign_type;
  // Before Linux 6.0 no message counts who asked for all multicasts, and not each change is an event.
  if (!link.all_multicast)
    if (const auto done = read_flags(it, out); !done) return done;
  return out.adminstate == "up" ? read_settings(it, out) : Result<void>();
}

// Shows what the files say, and finds out whether the message would have said the same.
Result<bool> Interfaces::compare(Known& it, const netlink::Link& link, Interface& out) {
  for (auto& file : it.kept) files_.close(file);
  const auto there = files_.read(link.name, out);
  if (!there || !*there) return there;
  it.address_assign_type = out.address_assign_type;
  it.device_id = out.device_id;
  it.name_assign_type = out.name_assign_type;
  it.by_call = !files_.is_folder(link.name, "/device");  // the device that it is the interface of
  Interface told;
  if (const auto filled = fill(it, link, told); !filled) return filled.error();
  if (it.by_call && (told.speed != out.speed || told.duplex != out.duplex.view())) {
    it.by_call = false;
    told.speed = out.speed;
    told.duplex = out.duplex;
  }
  it.believed = told == out;
  return true;
}

// Both change without an event.
Result<void> Interfaces::read_settings(Known& it, Interface& out) {
  if (it.by_call) {
    if (const auto settings = call_.ask(it.name)) {
      out.speed = settings->speed;
      out.duplex = settings->duplex;
    }
    return {};
  }
  const auto megabits = files_.read(it.name, "speed", it.kept[speed]);
  if (!megabits) return megabits.error();
  if (!*megabits) return {};  // then there is no duplex either
  if (!parse_speed(**megabits, out.speed)) return files_.not_understood();
  const auto word = files_.read(it.name, "duplex", it.kept[duplex]);
  if (!word) return word.error();
  if (*word && !parse_word(**word, out.duplex)) return files_.not_understood();
  return {};
}

Result<void> Interfaces::read_flags(Known& it, Interface& out) {
  const auto text = files_.read(it.name, "flags", it.kept[flags]);
  if (!text) return text.error();
  if (*text && !parse_hexadecimal(**text, out.flags)) return files_.not_understood();
  return {};
}

}  // namespace vitald::network
