#pragma once
// All network interfaces as /sys/class/net shows them, most of it taken from the one dump of rtnetlink(7) that other
// collectors make, too.
//
// An interface is read from its files when it is new and after each event that the kernel tells of it. Where its
// message says the same as its files, the message is believed until the next event, and only what no message tells and
// what changes without an event is asked for besides. Where /sys is a copy or shows another network name space, or no
// events are to be had, there are only the files.
#include "collectors/base/kernel_dir.hpp"
#include "collectors/base/seen_names.hpp"
#include "collectors/network/interface.hpp"
#include "collectors/network/link_events.hpp"
#include "collectors/network/link_settings.hpp"

#include <memory>
#include <span>
#include <vector>

namespace vitald::network {

class Interfaces {
 public:
  static constexpr std::size_t most = 65536;

  explicit Interfaces(const Environment& environment);
  ~Interfaces();

  // A row for each one that is wanted.
  Result<void> read(SeenNames& wanted, Sheet<Interface>& out);
  // How many were last taken from their messages.
  std::size_t believed() const { return believed_; }

 private:
  struct Known;

  LinkEvents::Heard hear_events();
  bool is_ours(std::span<const std::string_view> names, std::span<const netlink::Link> links);
  const netlink::Link* find(std::string_view name, std::span<const netlink::Link> links) const;
  Known& known(const netlink::Link& link);
  void forget_unseen();

  Result<bool> read_one(std::string_view name, const netlink::Link* link, Interface& out);
  Result<void> fill(Known& known, const netlink::Link& link, Interface& out);
  Result<bool> compare(Known& known, const netlink::Link& link, Interface& out);
  Result<void> read_settings(Known& known, Interface& out);
  Result<void> read_flags(Known& known, Interface& out);

  KernelDir folder_;
  std::span<const std::string_view> names_;  // of the folder when it was last listed
  InterfaceFiles files_;
  SharedLinks& links_;
  LinkEvents events_;
  LinkSettingsCall call_;
  std::vector<std::uint32_t> changed_, by_name_;  // indices; places in the dump
  std::vector<std::unique_ptr<Known>> known_;     // by index
  std::size_t round_ = 0, seen_ = 0, believed_ = 0;
  unsigned strange_ = 0;  // readings one after the other in which folder and dump had not the same names
  bool ours_ = false;     // /sys shows the name space that the dump is of
};

}  // namespace vitald::network
