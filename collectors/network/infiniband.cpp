// InfiniBand adapters and their ports' counters, from /sys/class/infiniband.
#include "collectors/base/devices.hpp"
#include "collectors/base/filter.hpp"
#include "collectors/network/infiniband_tables.hpp"

#include <algorithm>
#include <memory>

namespace vitald::network {
namespace {

constexpr std::size_t most_adapters = 256, most_ports = 256;

bool is_printable(std::string_view text, Text& out) {
  if (!std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; })) return false;
  out = text;
  return true;
}

constexpr Attribute adapter_attributes[] = {
    text<&Adapter::board_id>("board_id").or_nothing(),
    converted<&Adapter::firmware_version, is_printable>("fw_ver").required().even_empty(),
    text<&Adapter::hca_type>("hca_type").or_nothing(),
};

bool is_number(std::string_view name) {
  std::uint64_t number = 0;
  return scan::number(name, number);
}

class Infiniband final : public Collector {
 public:
  explicit Infiniband(const Environment& environment)
      : environment_(environment),
        adapters_(
            environment,
            {.below = "class/infiniband",
             .subsystem = "infiniband",
             .most = most_adapters,
             .keeps = [wanted = std::make_shared<Filter>(environment.options, "collector.infiniband.device-include",
                                                         "collector.infiniband.device-exclude")](
                          std::string_view name) { return wanted->keeps(name); }},
            &Adapter::device, adapter_attributes) {}

  Result<void> collect(Page& page) override {
    auto& adapters = page.sheet(adapter_table);
    auto& ports = page.sheet(port_table);
    if (const auto done = adapters_.collect(adapters); !done) return done;
    std::size_t place = 0;
    for (const auto& adapter : adapters.view()) {
      const auto before = ports.view().size();
      if (const auto done = ports_of(adapter.device, place++).collect(ports); !done) return done;
      for (auto& port : ports.view().subspan(before)) port.device = adapter.device.view();
    }
    return {};
  }

 private:
  struct Ports {
    std::string adapter;
    Devices<Port> devices;
  };

  // Kept as long as the adapters stay what they are, so that their files stay open.
  Devices<Port>& ports_of(std::string_view adapter, std::size_t place) {
    if (place < ports_.size() && ports_[place]->adapter != adapter) ports_.resize(place);
    if (place == ports_.size())
      ports_.push_back(
          std::unique_ptr<Ports>(new Ports{std::string(adapter),
                                           {environment_,
                                            {.below = std::string("class/infiniband/").append(adapter).append("/ports"),
                                             .subsystem = {},
                                             .most = most_ports,
                                             .keeps = is_number},
                                            &Port::port,
                                            port_attributes()}}));
    return ports_[place]->devices;
  }

  Environment environment_;
  Devices<Adapter> adapters_;
  std::vector<std::unique_ptr<Ports>> ports_;  // in the adapters' order
};

constexpr const Layout* layouts[] = {&adapter_table, &port_table};

}  // namespace

extern constinit const Entry infiniband;
constinit const Entry infiniband{
    "infiniband",       "InfiniBand adapters and their ports.", true, Entry::Runs::slow, make<Infiniband>, layouts,
    infiniband_options, "CONFIG_INFINIBAND, and an adapter."};

}  // namespace vitald::network
