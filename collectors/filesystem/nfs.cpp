// Calls of the NFS client, from /proc/net/rpc/nfs.
#include "collectors/filesystem/nfs.hpp"

#include "collectors/base/collector.hpp"
#include "collectors/base/kernel_file.hpp"

namespace vitald::filesystem {
namespace {

// In the order of the kernel's procedures (include/linux/nfs4.h), by the peer's names; newer kernels have more.
constexpr auto methods4 = words<59>(
    "Null Read Write Commit Open OpenConfirm OpenNoattr OpenDowngrade Close Setattr FsInfo Renew SetClientID "
    "SetClientIDConfirm Lock Lockt Locku Access Getattr Lookup LookupRoot Remove Rename Link Symlink Create Pathconf "
    "StatFs ReadLink ReadDir ServerCaps DelegReturn GetACL SetACL FsLocations ReleaseLockowner Secinfo FsidPresent "
    "ExchangeID CreateSession DestroySession Sequence GetLeaseTime ReclaimComplete LayoutGet GetDeviceInfo "
    "LayoutCommit LayoutReturn SecinfoNoName TestStateID FreeStateID GetDeviceList BindConnToSession DestroyClientID "
    "Seek Allocate DeAllocate LayoutStats Clone");
constexpr NfsMethods methods[] = {{"proc2", "2", NfsMethods::Count::exact, nfs2_methods},
                                  {"proc3", "3", NfsMethods::Count::exact, nfs3_methods},
                                  {"proc4", "4", NfsMethods::Count::grows, methods4}};

// ---- describe: rows -> families, JSON, handbook

constexpr std::string_view packets = "Packets that the client's RPC layer sent and received.";
constexpr Place places[] = {
    {"net", 4, "nfs_connections_total", "TCP connections that the client made."},
    {"net", 2, "nfs_packets_total", packets, Type::counter, {"protocol", "udp"}, "packets_udp"},
    {"net", 3, "nfs_packets_total", packets, Type::counter, {"protocol", "tcp"}, "packets_tcp"},
    {"rpc", 3, "nfs_rpc_authentication_refreshes_total", "Times that the client's credentials were renewed."},
    {"rpc", 2, "nfs_rpc_retransmissions_total", "Calls that the client sent again."},
    {"rpc", 1, "nfs_rpcs_total", "Calls that the client made."},
};
static_assert(std::size(places) == nfs_client_places);
constexpr auto columns = columns_of<NfsClient>(places);
constexpr Column request_columns[] = {
    counter<&NfsRequests::count>("nfs_requests_total", "Calls of a method by the client.", {}, "requests")};
constinit const Table<NfsClient> table{{"nfs", "/proc/net/rpc/nfs", {}, columns}};
constinit const Table<NfsRequests> request_table{{"nfs_requests", "/proc/net/rpc/nfs", nfs_keys, request_columns}};

}  // namespace

// ---- parse: text -> rows

Result<void> parse_nfs(std::string_view text, Sheet<NfsClient>& totals, Sheet<NfsRequests>& requests) {
  return parse_nfs_text(text, {"/proc/net/rpc/nfs", places, methods}, totals.next().numbers, requests);
}

// ---- read: kernel -> text

namespace {

class Nfs final : public Collector {
 public:
  explicit Nfs(const Environment& environment) : file_(environment.roots.proc + "/net/rpc/nfs") {}
  Result<void> collect(Page& page) override {
    const auto text = file_.read();
    if (!text) return text.error();
    auto& totals = page.sheet(table);
    return parse_nfs(*text, totals, page.sheet(request_table));
  }

 private:
  KernelFile file_;
};

constexpr const Layout* layouts[] = {&table, &request_table};
constexpr std::string_view needs = "CONFIG_NFS_FS.";

}  // namespace

extern constinit const Entry nfs;
constinit const Entry nfs{"nfs", "Calls of the NFS client.", true, Entry::Runs::fast, make<Nfs>, layouts, {}, needs};

}  // namespace vitald::filesystem
