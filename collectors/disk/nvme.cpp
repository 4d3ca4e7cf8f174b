// NVMe controllers and their namespaces, from /sys/class/nvme.
#include "collectors/base/devices.hpp"

#include <limits>
#include <memory>

namespace vitald::disk {
namespace {

struct Controller {
  Text device, cntlid, firmware_revision, model, serial, state;
};

struct Namespace {
  Text name, device, nsid, ana_state;
  std::optional<std::uint64_t> block_size, size, used, size_bytes, used_bytes;
};

// ---- parse: files -> rows

constexpr Attribute controller_attributes[] = {
    text<&Controller::model>("model").required(),
    text<&Controller::serial>("serial").required(),
    text<&Controller::firmware_revision>("firmware_rev").required(),
    text<&Controller::state>("state").required(),
    text<&Controller::cntlid>("cntlid").required(),
};

constexpr Attribute namespace_attributes[] = {
    text<&Namespace::ana_state>("ana_state"),
    number<&Namespace::used>("nuse"),
    number<&Namespace::block_size>("queue/logical_block_size"),
    number<&Namespace::size>("size"),
};

std::string_view take_digits(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && text[count] >= '0' && text[count] <= '9') ++count;
  const auto digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

// "2" of "nvme0n2", and of "nvme0c1n2", as it is called where several controllers lead to it; empty for other names.
std::string_view id_of_namespace(std::string_view name) {
  if (!name.starts_with("nvme")) return {};
  name.remove_prefix(4);
  if (take_digits(name).empty()) return {};
  if (name.starts_with('c')) {
    name.remove_prefix(1);
    if (take_digits(name).empty()) return {};
  }
  if (!name.starts_with('n')) return {};
  name.remove_prefix(1);
  const auto id = take_digits(name);
  return name.empty() ? id : std::string_view{};
}

// Sizes of sysfs are in 512 bytes; that the peer multiplies them by the size of a block is odd, and kept.
std::optional<std::uint64_t> product(std::optional<std::uint64_t> count, std::optional<std::uint64_t> size) {
  if (!count || !size || *size == 0 || *count > std::numeric_limits<std::uint64_t>::max() / *size) return std::nullopt;
  return *count * *size;
}

// ---- describe: rows -> families, JSON, handbook

constexpr Key controller_keys[] = {
    key<&Controller::cntlid>("cntlid"),
    key<&Controller::device>("device"),
    key<&Controller::firmware_revision>("firmware_revision"),
    key<&Controller::model>("model"),
    key<&Controller::serial>("serial"),
    key<&Controller::state>("state"),
};
constexpr Column controller_columns[] = {info("nvme_info", "What the controller is, and its state.")};
constinit const Table<Controller> controller_table{
    {"nvme_controllers", "/sys/class/nvme", controller_keys, controller_columns}};

constexpr Key keys[] = {key<&Namespace::device>("device"), key<&Namespace::nsid>("nsid")};
constexpr Key info_keys[] = {key<&Namespace::ana_state>("ana_state"), key<&Namespace::device>("device"),
                             key<&Namespace::nsid>("nsid")};
constexpr Column columns[] = {
    gauge<&Namespace::size_bytes>("nvme_namespace_capacity_bytes", "Size of the namespace.", {}, "capacity_bytes"),
    with_keys(info("nvme_namespace_info", "A namespace, and how the controller reaches it."), info_keys),
    gauge<&Namespace::block_size>("nvme_namespace_logical_block_size_bytes", "Size of a block.", {},
                                  "logical_block_size_bytes"),
    gauge<&Namespace::size_bytes>("nvme_namespace_size_bytes", "Size of the namespace, too.", {}, "size_bytes"),
    gauge<&Namespace::used_bytes>("nvme_namespace_used_bytes", "What of the namespace is in use.", {}, "used_bytes"),
};
constinit const Table<Namespace> table{{"nvme_namespaces", "/sys/class/nvme/*/nvme*n*", keys, columns}};

// ---- read: kernel -> files

class Nvme final : public Collector {
 public:
  explicit Nvme(const Environment& environment)
      : environment_(environment),
        controllers_(environment, {.below = "class/nvme", .subsystem = "nvme"}, &Controller::device,
                     controller_attributes) {}

  Result<void> collect(Page& page) override {
    auto& controllers = page.sheet(controller_table);
    auto& namespaces = page.sheet(table);
    if (const auto done = controllers_.collect(controllers); !done) return done;
    follow(controllers.view());
    for (auto& each : namespaces_) {
      const auto before = namespaces.view().size();
      const auto done = each.devices->collect(namespaces);
      if (!done && state_of(done.error()) == State::absent) continue;  // the controller is going
      if (!done) return done;
      for (auto& row : namespaces.view().subspan(before)) fill(each.controller, row);
    }
    return {};
  }

 private:
  struct Namespaces {
    std::string controller;
    std::unique_ptr<Devices<Namespace>> devices;
  };

  // The namespaces of the controllers that are there.
  void follow(std::span<const Controller> controllers) {
    const auto same = [](const Namespaces& a, const Controller& b) { return b.device == a.controller; };
    if (std::ranges::equal(namespaces_, controllers, same)) return;
    namespaces_.clear();
    for (const auto& each : controllers) {
      std::string name(each.device.view());
      DeviceFolder::Where where{.below = "class/nvme/" + name, .subsystem = {}, .keeps = [](std::string_view entry) {
                                  return !id_of_namespace(entry).empty();
                                }};
      auto made =
          std::make_unique<Devices<Namespace>>(environment_, std::move(where), &Namespace::name, namespace_attributes);
      namespaces_.push_back({std::move(name), std::move(made)});
    }
  }

  static void fill(std::string_view controller, Namespace& row) {
    row.device = controller;
    row.nsid = id_of_namespace(row.name);
    if (row.ana_state.empty()) row.ana_state = "unknown";
    row.size_bytes = product(row.size, row.block_size);
    row.used_bytes = product(row.used, row.block_size);
  }

  const Environment& environment_;
  Devices<Controller> controllers_;
  std::vector<Namespaces> namespaces_;
};

constexpr const Layout* layouts[] = {&controller_table, &table};
constexpr std::string_view needs = "CONFIG_BLK_DEV_NVME. Bytes in use: Linux 6.8.";

}  // namespace

extern constinit const Entry nvme;
constinit const Entry nvme{"nvme", "NVMe controllers and namespaces.", true, Entry::Runs::slow, make<Nvme>, layouts, {},
                           needs};

}  // namespace vitald::disk
