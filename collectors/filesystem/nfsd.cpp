// Requests that the NFS server served, from /proc/net/rpc/nfsd.
#include "collectors/base/collector.hpp"
#include "collectors/base/kernel_file.hpp"
#include "collectors/filesystem/nfs.hpp"

namespace vitald::filesystem {
namespace {

// The peer shows no null calls, and none of the operations that have no name here.
constexpr auto without_null(auto names) {
  names[0] = {};
  return names;
}
constexpr auto methods2 = without_null(nfs2_methods);
constexpr auto methods3 = without_null(nfs3_methods);
constexpr auto operations4 = words<40>(
    "- - - Access Close Commit Create DelegPurge DelegReturn GetAttr GetFH Link Lock Lockt Locku Lookup LookupRoot "
    "Nverify Open OpenAttr OpenConfirm OpenDgrd PutFH - - Read ReadDir ReadLink Remove Rename Renew RestoreFH SaveFH "
    "SecInfo SetAttr SetClientID SetClientIDConfirm Verify Write RelLockOwner");
constexpr auto delegated = words<1>("WdelegGetattr");  // of newer kernels
constexpr NfsMethods methods[] = {{"proc2", "2", NfsMethods::Count::exact, methods2},
                                  {"proc3", "3", NfsMethods::Count::exact, methods3},
                                  {"proc4ops", "4", NfsMethods::Count::grows, operations4},
                                  {"wdeleg_getattr", "4", NfsMethods::Count::bare, delegated}};

// ---- describe: rows -> families, JSON, handbook

constexpr std::string_view packets = "Packets that the server's RPC layer sent and received.";
constexpr std::string_view errors = "Requests that the server refused because they were wrong.";
constexpr Place places[] = {
    {"net", 4, "nfsd_connections_total", "TCP connections that the server took."},
    {"io", 1, "nfsd_disk_bytes_read_total", "Bytes that the server read from its file systems."},
    {"io", 2, "nfsd_disk_bytes_written_total", "Bytes that the server wrote to its file systems."},
    {"fh", 1, "nfsd_file_handles_stale_total", "File handles that clients had and that were stale."},
    {"net", 2, "nfsd_packets_total", packets, Type::counter, {"proto", "udp"}, "packets_udp"},
    {"net", 3, "nfsd_packets_total", packets, Type::counter, {"proto", "tcp"}, "packets_tcp"},
    // The cache is gone since Linux 5.4, its line is all zero.
    {"ra",
     12,
     "nfsd_read_ahead_cache_not_found_total",
     "Reads that were not found in the read-ahead cache.",
     Type::counter,
     {},
     {},
     true},
    {"ra", 1, "nfsd_read_ahead_cache_size_blocks", "How large the read-ahead cache is.", Type::gauge, {}, {}, true},
    {"rc", 1, "nfsd_reply_cache_hits_total", "Requests that came again and were answered by the reply cache."},
    {"rc", 2, "nfsd_reply_cache_misses_total", "Requests that the reply cache did not know."},
    {"rc", 3, "nfsd_reply_cache_nocache_total", "Requests that need no reply cache."},
    {"rpc", 4, "nfsd_rpc_errors_total", errors, Type::counter, {"error", "auth"}, "rpc_errors_auth"},
    {"rpc", 5, "nfsd_rpc_errors_total", errors, Type::counter, {"error", "cInt"}, "rpc_errors_client"},
    {"rpc", 3, "nfsd_rpc_errors_total", errors, Type::counter, {"error", "fmt"}, "rpc_errors_format"},
    {"rpc", 1, "nfsd_server_rpcs_total", "Requests that the server took."},
    {"th", 1, "nfsd_server_threads", "Threads of the server.", Type::gauge},
};
static_assert(std::size(places) == nfs_server_places);
constexpr auto columns = columns_of<NfsServer>(places);
constexpr Column request_columns[] = {
    counter<&NfsRequests::count>("nfsd_requests_total", "Requests for a method of the server.", {}, "requests")};
constinit const Table<NfsServer> table{{"nfsd", "/proc/net/rpc/nfsd", {}, columns}};
constinit const Table<NfsRequests> request_table{{"nfsd_requests", "/proc/net/rpc/nfsd", nfs_keys, request_columns}};

}  // namespace

// ---- parse: text -> rows

Result<void> parse_nfsd(std::string_view text, Sheet<NfsServer>& totals, Sheet<NfsRequests>& requests) {
  return parse_nfs_text(text, {"/proc/net/rpc/nfsd", places, methods}, totals.next().numbers, requests);
}

// ---- read: kernel -> text

namespace {

class Nfsd final : public Collector {
 public:
  explicit Nfsd(const Environment& environment) : file_(environment.roots.proc + "/net/rpc/nfsd") {}
  Result<void> collect(Page& page) override {
    const auto text = file_.read();
    if (!text) return text.error();
    auto& totals = page.sheet(table);
    return parse_nfsd(*text, totals, page.sheet(request_table));
  }

 private:
  KernelFile file_;
};

constexpr const Layout* layouts[] = {&table, &request_table};
constexpr std::string_view needs = "CONFIG_NFSD.";

}  // namespace

extern constinit const Entry nfsd;
constinit const Entry nfsd{"nfsd", "Requests to the NFS server.", true, Entry::Runs::fast, make<Nfsd>, layouts, {},
                           needs};

}  // namespace vitald::filesystem
