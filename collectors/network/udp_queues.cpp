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

// "UDP: inuse 2 mem 1"
bool counts_none(std::string_view sockstat, std::string_view protocol) {
  while (!sockstat.empty()) {
    auto rest = scan::take_line(sockstat);
    if (scan::take_until(rest, ':') == protocol)
      return scan::take_word(rest) == "inuse" && scan::take_word(rest) == "0";
  }
  return false;
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

// The sockets of one version of IP. To list them the kernel goes through a table of hundreds of kilobytes, though it be
// empty (30 us hot, more than twice that cold), but it also counts them: as long as there are none, the list is not
// read. The sum of a count that each processor keeps can be wrong for an instant, so 0 is believed only where the list
// was empty the last time that it was read.
class Sockets {
 public:
  Sockets(const Environment& environment, std::string_view ip, std::string_view protocol, const std::string& list,
          const std::string& counts)
      : ip_(ip),
        protocol_(protocol),
        list_(environment.roots.proc + list),
        counts_(environment.sources.file(environment.roots.proc + counts, KernelFile::Holds::text)) {}

  // A kernel without the protocol has no file for it.
  Result<void> collect(Sheet<UdpQueues>& out) {
    if (were_none_ && are_none()) {
      out.next().ip = ip_;
      return {};
    }
    were_none_ = false;
    const auto text = list_.read();
    if (!text && state_of(text.error()) == State::absent) return {};
    if (!text) return text.error();
    const auto done = parse_udp(*text, ip_, out);
    were_none_ = done && text->find('\n') + 1 == text->size();
    return done;
  }

 private:
  bool are_none() {
    const auto counts = counts_.read();
    return counts && counts_.live() && counts_none(**counts, protocol_);
  }

  std::string_view ip_, protocol_;
  RecordsFile list_;
  SharedFile& counts_;
  bool were_none_ = false;
};

class UdpSockets final : public Collector {
 public:
  explicit UdpSockets(const Environment& environment)
      : ipv4_(environment, "v4", "UDP", "/net/udp", "/net/sockstat"),
        ipv6_(environment, "v6", "UDP6", "/net/udp6", "/net/sockstat6") {}
  Result<void> collect(Page& page) override {
    auto& sheet = page.sheet(table);
    if (const auto done = ipv4_.collect(sheet); !done) return done;
    if (const auto done = ipv6_.collect(sheet); !done) return done;
    if (sheet.view().empty()) return Fault{Parse::no_data, "net/udp"};
    return {};
  }

 private:
  Sockets ipv4_, ipv6_;
};

constexpr const Layout* layouts[] = {&table};

}  // namespace

extern constinit const Entry udp_queues;
constinit const Entry udp_queues{
    "udp_queues", "Bytes that wait in UDP sockets.", true, Entry::Runs::fast, make<UdpSockets>, layouts};

}  // namespace vitald::network
