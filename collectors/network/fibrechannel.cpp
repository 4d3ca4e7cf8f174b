// FibreChannel hosts: what they are, and their counters, from /sys/class/fc_host.
#include "collectors/network/fibrechannel.hpp"

#include "collectors/base/devices.hpp"

#include <unistd.h>

#include <cerrno>
#include <limits>

namespace vitald::network {
namespace {

using Counter = std::optional<std::uint64_t>;

struct Host {
  Text name, dev_loss_tmo, fabric_name, port_id, port_name, port_state, port_type, speed;
  Text supported_classes, supported_speeds, symbolic_name;
  Counter dumped_frames, error_frames, fcp_packet_aborts, invalid_crc, invalid_tx_words, link_failure, loss_of_signal;
  Counter loss_of_sync, nos, rx_frames, rx_words, seconds_since_last_reset, tx_frames, tx_words;
  bool state_told = false;
};

}  // namespace

// ---- parse: files -> rows

bool parse_fc_counter(std::string_view text, std::uint64_t& out) {
  if (!text.starts_with("0x")) return scan::number(text, out);
  const auto digits = text.substr(2);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out, 16);
  return !digits.empty() && error == std::errc{} && end == digits.data() + digits.size();
}

std::string_view without_0x(std::string_view text) { return text.starts_with("0x") ? text.substr(2) : text; }

namespace {

template <Counter Host::*Member>
bool store_counter(const Attribute&, std::string_view text, void* row) {
  std::uint64_t value = 0;
  if (!parse_fc_counter(text, value)) return false;
  if (value != std::numeric_limits<std::uint64_t>::max()) static_cast<Host*>(row)->*Member = value;
  return true;
}
template <Counter Host::*Member>
consteval Attribute counted(std::string_view file) {
  return Attribute{file, &store_counter<Member>};
}

bool store_port_state(const Attribute&, std::string_view text, void* row) {
  auto& host = *static_cast<Host*>(row);
  host.port_state = text;
  host.state_told = true;
  return true;
}

template <Text Host::*Member>
bool store_number(const Attribute&, std::string_view text, void* row) {
  static_cast<Host*>(row)->*Member = without_0x(text);
  return true;
}
template <Text Host::*Member>
consteval Attribute name_in_hexadecimal(std::string_view file) {
  return Attribute{file, &store_number<Member>}.or_nothing();
}

constexpr Attribute attributes[] = {
    text<&Host::dev_loss_tmo>("dev_loss_tmo").or_nothing(),
    name_in_hexadecimal<&Host::fabric_name>("fabric_name"),
    name_in_hexadecimal<&Host::port_id>("port_id"),
    name_in_hexadecimal<&Host::port_name>("port_name"),
    {.file = "port_state", .store = &store_port_state, .lenient = true, .as_told = true},
    text<&Host::port_type>("port_type").or_nothing(),
    text<&Host::speed>("speed").or_nothing(),
    text<&Host::supported_classes>("supported_classes").or_nothing(),
    text<&Host::supported_speeds>("supported_speeds").or_nothing(),
    text<&Host::symbolic_name>("symbolic_name").or_nothing(),
    counted<&Host::dumped_frames>("statistics/dumped_frames"),
    counted<&Host::error_frames>("statistics/error_frames"),
    counted<&Host::fcp_packet_aborts>("statistics/fcp_packet_aborts"),
    counted<&Host::invalid_crc>("statistics/invalid_crc_count"),
    counted<&Host::invalid_tx_words>("statistics/invalid_tx_word_count"),
    counted<&Host::link_failure>("statistics/link_failure_count"),
    counted<&Host::loss_of_signal>("statistics/loss_of_signal_count"),
    counted<&Host::loss_of_sync>("statistics/loss_of_sync_count"),
    counted<&Host::nos>("statistics/nos_count"),
    counted<&Host::rx_frames>("statistics/rx_frames"),
    counted<&Host::rx_words>("statistics/rx_words"),
    counted<&Host::seconds_since_last_reset>("statistics/seconds_since_last_reset"),
    counted<&Host::tx_frames>("statistics/tx_frames"),
    counted<&Host::tx_words>("statistics/tx_words"),
};

// ---- describe: rows -> families, JSON, handbook

constexpr Key keys[] = {key<&Host::name>("fc_host")};
constexpr Key info_keys[] = {
    key<&Host::dev_loss_tmo>("dev_loss_tmo"),
    key<&Host::fabric_name>("fabric_name"),
    key<&Host::name>("fc_host"),
    key<&Host::port_id>("port_id"),
    key<&Host::port_name>("port_name"),
    key<&Host::port_state>("port_state"),
    key<&Host::port_type>("port_type"),
    key<&Host::speed>("speed"),
    key<&Host::supported_classes>("supported_classes"),
    key<&Host::supported_speeds>("supported_speeds"),
    key<&Host::symbolic_name>("symbolic_name"),
};
constexpr Column columns[] = {
    counter<&Host::dumped_frames>("fibrechannel_dumped_frames_total", "Frames dropped for want of buffers."),
    counter<&Host::error_frames>("fibrechannel_error_frames_total", "Faulty frames."),
    counter<&Host::fcp_packet_aborts>("fibrechannel_fcp_packet_aborts_total", "SCSI commands that were aborted."),
    with_keys(info("fibrechannel_info", "What the host is, and how its port stands."), info_keys),
    counter<&Host::invalid_crc>("fibrechannel_invalid_crc_total", "Frames received with a wrong checksum."),
    counter<&Host::invalid_tx_words>("fibrechannel_invalid_tx_words_total", "Words received that are no words."),
    counter<&Host::link_failure>("fibrechannel_link_failure_total", "How often the link failed."),
    counter<&Host::loss_of_signal>("fibrechannel_loss_of_signal_total", "How often the signal was lost."),
    counter<&Host::loss_of_sync>("fibrechannel_loss_of_sync_total", "How often the synchronization was lost."),
    counter<&Host::nos>("fibrechannel_nos_total", "How often the other side was not operational."),
    counter<&Host::rx_frames>("fibrechannel_rx_frames_total", "Frames received."),
    counter<&Host::rx_words>("fibrechannel_rx_words_total", "Words of four bytes received."),
    counter<&Host::seconds_since_last_reset>("fibrechannel_seconds_since_last_reset_total",
                                             "Time since the counters began at 0."),
    counter<&Host::tx_frames>("fibrechannel_tx_frames_total", "Frames sent."),
    counter<&Host::tx_words>("fibrechannel_tx_words_total", "Words of four bytes sent."),
};
constinit const Table<Host> table{{"fibrechannel", "/sys/class/fc_host", keys, columns}};

// As the peer shows hosts whose port has no state (0), whatever the files say; nothing where the state cannot be read.
void count_as(Counter count, Host& host) {
  for (auto* each : {&host.dumped_frames, &host.error_frames, &host.fcp_packet_aborts, &host.invalid_crc,
                     &host.invalid_tx_words, &host.link_failure, &host.loss_of_signal, &host.loss_of_sync, &host.nos,
                     &host.rx_frames, &host.rx_words, &host.seconds_since_last_reset, &host.tx_frames, &host.tx_words})
    *each = count;
}

// ---- read: kernel -> files

class Fibrechannel final : public Collector {
 public:
  explicit Fibrechannel(const Environment& environment)
      : folder_(environment.roots.sys + "/class/fc_host/"),
        hosts_(environment, {"class/fc_host", "fc_host"}, &Host::name, attributes) {}
  Result<void> collect(Page& page) override {
    auto& out = page.sheet(table);
    if (const auto done = hosts_.collect(out); !done) return done;
    for (auto& host : out.view()) {
      const bool no_state = host.port_state.empty() || host.port_state == "Unknown";
      if (no_state) count_as(host.state_told || has_no_state(host) ? Counter(0) : std::nullopt, host);
    }
    return {};
  }

 private:
  // Where there is no such file, and not where it cannot be read.
  bool has_no_state(const Host& host) {
    path_.assign(folder_).append(host.name.view()).append("/port_state");
    return ::access(path_.c_str(), F_OK) != 0 && errno == ENOENT;
  }

  std::string folder_, path_;
  Devices<Host> hosts_;
};

constexpr const Layout* layouts[] = {&table};

}  // namespace

extern constinit const Entry fibrechannel;
constinit const Entry fibrechannel{// an adapter answers for each counter by its firmware
                                   "fibrechannel",
                                   "FibreChannel hosts.",
                                   true,
                                   Entry::Runs::slow,
                                   make<Fibrechannel>,
                                   layouts,
                                   {},
                                   "CONFIG_SCSI_FC_ATTRS, and an adapter."};

}  // namespace vitald::network
