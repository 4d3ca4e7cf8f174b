// Sockets in use by protocol, from /proc/net/sockstat and sockstat6.
#include "collectors/network/sockstat.hpp"

#include "collectors/base/collector.hpp"
#include "collectors/base/scan.hpp"

#include <unistd.h>

#include <algorithm>

namespace vitald::network {
namespace {

constexpr std::size_t most_rows = 512;  // kernels have some 20; each is compared with those before it

void add(Sheet<SocketCount>& out, std::string_view protocol, std::string_view key, std::string_view unit,
         std::int64_t value) {
  auto& row = out.next();
  row.name = protocol;
  ((row.name += '_') += key) += unit;
  row.value = value;
  const auto before = out.view().first(out.view().size() - 1);
  if (std::ranges::any_of(before, [&](const auto& other) { return other.name == row.name.view(); })) out.drop_last();
}

// " inuse 4 orphan 0 tw 4 alloc 17 mem 1"
Result<void> parse_pairs(std::string_view rest, std::string_view protocol, std::size_t line, std::int64_t page_size,
                         Sheet<SocketCount>& out) {
  auto key = scan::take_word(rest);
  if (key.empty()) return Fault{Parse::truncated, "sockstat", line};
  for (; !key.empty(); key = scan::take_word(rest)) {
    std::int64_t value = 0, bytes = 0;
    if (!scan::plain(key)) return Fault{Parse::unknown_layout, "sockstat", line};
    if (!scan::numbers(rest, value)) return Fault{Parse::not_a_number, "sockstat", line};
    if (out.view().size() + 2 > most_rows) return Fault{Parse::too_large, "sockstat", line};
    add(out, protocol, key, "", value);
    if (key != "mem") continue;
    if (__builtin_mul_overflow(value, page_size, &bytes)) return Fault{Parse::not_a_number, "sockstat", line};
    add(out, protocol, key, "_bytes", bytes);
  }
  return {};
}

}  // namespace

// ---- parse: text -> rows

Result<void> parse_sockstat(std::string_view text, Family family, std::int64_t page_size, Sheet<SocketCount>& out) {
  if (text.empty()) return Fault{Parse::empty, "sockstat"};
  if (text.back() != '\n') return Fault{Parse::truncated, "sockstat"};  // a cut number would look like a whole one
  for (std::size_t line = 1; !text.empty(); ++line) {
    auto rest = scan::take_line(text);
    const auto length = rest.size();
    const auto protocol = scan::take_until(rest, ':');
    if (protocol.size() == length || !scan::plain(protocol)) return Fault{Parse::unknown_layout, "sockstat", line};
    if (family == Family::ipv6 && protocol == "sockets") continue;
    if (const auto done = parse_pairs(rest, protocol, line, page_size, out); !done) return done;
  }
  return {};
}

// ---- describe: rows -> families, JSON, handbook

namespace {

constexpr Column columns[] = {open<&SocketCount::value>(Type::gauge, "sockstat_", "Sockets, or memory that they use.")};
constinit const Table<SocketCount> table{
    {"sockstat", "/proc/net/sockstat, /proc/net/sockstat6", {}, columns, named<&SocketCount::name>}};

// ---- read: kernel -> text

class Sockstat final : public Collector {
 public:
  explicit Sockstat(const Environment& environment)
      : ipv4_(environment.sources.file(environment.roots.proc + "/net/sockstat", KernelFile::Holds::text)),
        ipv6_(environment.sources.file(environment.roots.proc + "/net/sockstat6", KernelFile::Holds::text)) {}
  Result<void> collect(Page& page) override {
    auto& sheet = page.sheet(table);
    if (const auto done = read(ipv4_, Family::ipv4, sheet); !done) return done;
    return read(ipv6_, Family::ipv6, sheet);
  }

 private:
  // A kernel without one of the protocols has no file for it; a module may bring it later.
  Result<void> read(SharedFile& file, Family family, Sheet<SocketCount>& out) const {
    const auto text = file.read();
    if (text) return parse_sockstat(**text, family, page_size_, out);
    if (state_of(text.error()) == State::absent) return {};
    return text.error();
  }

  SharedFile &ipv4_, &ipv6_;  // udp_queues looks at them, too
  std::int64_t page_size_ = ::sysconf(_SC_PAGESIZE);
};

constexpr const Layout* layouts[] = {&table};

constexpr std::string_view needs = "IPv6: CONFIG_IPV6.";

}  // namespace

extern constinit const Entry sockstat;
constinit const Entry sockstat{"sockstat",     "Sockets in use.", true, Entry::Runs::fast,
                               make<Sockstat>, layouts,           {},   needs};

}  // namespace vitald::network
