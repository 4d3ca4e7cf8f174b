// Bytes that wait in UDP sockets, from /proc/net/udp and udp6.
#include "collectors/network/udp_queues.hpp"

#include "collectors/base/collector.hpp"
#include "collectors/base/digits.hpp"
#include "collectors/base/records_file.hpp"

namespace vitald::network {
namespace {

// " 3018: 0100007F:0035 00000000:0000 07 00000000:00000A80 …": slot, both ends, state, transmit and receive queue
bool parse_socket(std::string_view line, UdpQueues& sum) {
  const auto slot = scan::take_word(line);
  for (int end = 0; end < 2; ++end)
    if (scan::take_word(line).find(':') == line.npos) return false;
  scan::take_word(line);
  auto queues = scan::take_word(line);
  std::uint32_t transmit = 0, receive = 0;
  if (!slot.ends_with(':') || !scan::hexadecimal(scan::take_until(queues, ':'), transmit)) return false;
  if (!scan::hexadecimal(queues, receive)) return false;
  sum.transmit += transmit;
  sum.receive += receive;
  return true;
}

}  // namespace

// ---- parse: text -> rows

Result<void> parse_udp(std::string_view text, std::string_view ip, Sheet<UdpQueues>& out) {
  constexpr std::string_view source = "net/udp";
  if (text.empty()) return Fault{Parse::empty, source};
  auto& sum = out.next();
  sum.ip = ip;
  for (std::size_t line = 1; !text.empty(); ++line) {
    std::string_view rest;
    if (!scan::take_whole_line(text, rest)) return Fault{Parse::truncated, source, line};
    if (line == 1 ? scan::take_word(rest) != "sl" : !parse_socket(rest, sum))
      return Fault{Parse::unknown_layout, source, line};
  }
  return {};
}

// ---- describe: rows -> families, JSON, handbook

namespace {

constexpr std::string_view help = "Bytes that wait in UDP sockets, to be sent or to be read.";
constexpr Key keys[] = {key<&UdpQueues::ip>("ip")};
constexpr Column columns[] = {
    gauge<&UdpQueues::receive>("udp_queues", help, {"queue", "rx"}, "receive_bytes"),
    gauge<&UdpQueues::transmit>("udp_queues", help, {"queue", "tx"}, "transmit_bytes"),
};
constinit const Table<UdpQueues> table{{"udp_queues", "/proc/net/udp, /proc/net/udp6", keys, columns}};

// ---- read: kernel -> text

class UdpSockets final : public Collector {
 public:
  explicit UdpSockets(const Environment& environment)
      : ipv4_(environment.roots.proc + "/net/udp"), ipv6_(environment.roots.proc + "/net/udp6") {}
  Result<void> collect(Page& page) override {
    auto& sheet = page.sheet(table);
    if (const auto done = read(ipv4_, "v4", sheet); !done) return done;
    if (const auto done = read(ipv6_, "v6", sheet); !done) return done;
    if (sheet.view().empty()) return Fault{Parse::no_data, "net/udp"};
    return {};
  }

 private:
  // A kernel without one of the protocols has no file for it.
  static Result<void> read(RecordsFile& file, std::string_view ip, Sheet<UdpQueues>& out) {
    const auto text = file.read();
    if (text) return parse_udp(*text, ip, out);
    if (state_of(text.error()) == State::absent) return {};
    return text.error();
  }

  RecordsFile ipv4_, ipv6_;
};

constexpr const Layout* layouts[] = {&table};

}  // namespace

extern constinit const Entry udp_queues;
constinit const Entry udp_queues{
    "udp_queues", "Bytes that wait in UDP sockets.", true, Entry::Runs::fast, make<UdpSockets>, layouts};

}  // namespace vitald::network
