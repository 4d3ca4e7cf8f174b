// Counts of the network protocols, from /proc/net/netstat, snmp and snmp6.
#include "collectors/network/netstat.hpp"

#include "collectors/base/collector.hpp"
#include "collectors/base/scan.hpp"

namespace vitald::network {
namespace {

// Natural numbers, but for a limit or two that are -1 where there is none.
bool parse_value(std::string_view word, Value& out) {
  std::uint64_t natural = 0;
  std::int64_t negative = 0;
  if (scan::number(word, natural))
    out = natural;
  else if (scan::number(word, negative))
    out = negative;
  else
    return false;
  return true;
}

bool parse_values(std::string_view& line, FieldNames::Names names, Sheet<Statistic>& out) {
  for (const auto& name : names) {
    Value value;
    if (!parse_value(scan::take_word(line), value)) return false;
    if (name.empty()) continue;
    auto& row = out.next();
    row.name = std::string_view(name);
    row.value = value;
  }
  return true;
}

}  // namespace

// ---- parse: text -> rows

Result<void> parse_netstat(std::string_view text, std::string_view source, FieldNames& names, Sheet<Statistic>& out) {
  if (text.empty()) return Fault{Parse::empty, source};
  for (std::size_t line = 1; !text.empty(); line += 2) {
    std::string_view heading, values;
    if (!scan::take_whole_line(text, heading) || !scan::take_whole_line(text, values))
      return Fault{Parse::truncated, source, line};
    const auto fields = names.heading(heading);
    if (!fields) return Fault{fields.error().code, source, line};
    const auto protocol = scan::take_until(values, ':');
    if (protocol != scan::take_until(heading, ':')) return Fault{Parse::unknown_layout, source, line + 1};
    if (!parse_values(values, *fields, out)) return Fault{Parse::not_a_number, source, line + 1};
    if (!scan::take_word(values).empty()) return Fault{Parse::unknown_layout, source, line + 1};
  }
  return {};
}

Result<void> parse_snmp6(std::string_view text, FieldNames& names, Sheet<Statistic>& out) {
  constexpr std::string_view source = "net/snmp6";
  if (text.empty()) return Fault{Parse::empty, source};
  for (std::size_t line = 1; !text.empty(); ++line) {
    std::uint64_t value = 0;
    const auto name = names.take_key(text, value);
    if (!name) return Fault{name.error().code, source, line};
    if (name->empty()) continue;
    auto& row = out.next();
    row.name = *name;
    row.value = value;
  }
  return {};
}

// ---- describe: rows -> families, JSON, handbook

namespace {

constexpr Option options[] = {
    {"collector.netstat.fields", Option::Kind::regexp,
     "^(.*_(InErrors|InErrs)|Ip_Forwarding|Ip(6|Ext)_(InOctets|OutOctets)|Icmp6?_(InMsgs|OutMsgs)|"
     "TcpExt_(Listen.*|Syncookies.*|TCPSynRetrans|TCPTimeouts|TCPOFOQueue|TCPRcvQDrop)|"
     "Tcp_(ActiveOpens|InSegs|OutSegs|OutRsts|PassiveOpens|RetransSegs|CurrEstab)|"
     "Udp6?_(InDatagrams|OutDatagrams|NoPorts|RcvbufErrors|SndbufErrors))$",
     "Fields to show, by an expression on protocol and name (Tcp_InSegs) that is not anchored."},
};
constexpr Column columns[] = {open<&Statistic::value>(Type::untyped, "netstat_", "A number that a protocol keeps.")};
constinit const Table<Statistic> table{
    {"netstat", "/proc/net/netstat, /proc/net/snmp, /proc/net/snmp6", {}, columns, named<&Statistic::name>}};

// ---- read: kernel -> text

class Netstat final : public Collector {
 public:
  explicit Netstat(const Environment& environment)
      : netstat_(environment.sources.file(environment.roots.proc + "/net/netstat", KernelFile::Holds::text)),
        snmp_(environment.roots.proc + "/net/snmp", KernelFile::Holds::text),
        snmp6_(environment.roots.proc + "/net/snmp6", KernelFile::Holds::text),
        names_(even_if_empty(environment.options.text("collector.netstat.fields"))) {}

  Result<void> collect(Page& page) override {
    names_.begin();
    auto& sheet = page.sheet(table);
    const auto netstat = netstat_.read();
    if (!netstat) return netstat.error();
    if (const auto done = parse_netstat(**netstat, "net/netstat", names_, sheet); !done) return done;
    const auto snmp = snmp_.read();
    if (!snmp) return snmp.error();
    if (const auto done = parse_netstat(*snmp, "net/snmp", names_, sheet); !done) return done;
    const auto snmp6 = snmp6_.read();
    if (snmp6) return parse_snmp6(*snmp6, names_, sheet);
    if (state_of(snmp6.error()) == State::absent) return {};  // a kernel without IPv6
    return snmp6.error();
  }

 private:
  SharedFile& netstat_;  // the daemon's own page has two of its numbers
  KernelFile snmp_, snmp6_;
  FieldNames names_;
};

constexpr const Layout* layouts[] = {&table};

}  // namespace

extern constinit const Entry netstat;
constinit const Entry netstat{
    "netstat",           "Counts of the network protocols.", true, Entry::Runs::fast, make<Netstat>, layouts, options,
    "IPv6: CONFIG_IPV6."};

}  // namespace vitald::network
