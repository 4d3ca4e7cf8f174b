// The system's name and version, from uname(2).
#include "collectors/base/collector.hpp"

#include <sys/utsname.h>

namespace vitald::kernel {
namespace {

struct Identity {
  Text domainname, machine, nodename, release, sysname, version;
};

// ---- describe: rows -> families, JSON, handbook

constexpr Key keys[] = {key<&Identity::domainname>("domainname"), key<&Identity::machine>("machine"),
                        key<&Identity::nodename>("nodename"),     key<&Identity::release>("release"),
                        key<&Identity::sysname>("sysname"),       key<&Identity::version>("version")};
constexpr Column columns[] = {info("uname_info", "The running system, as uname(2) names it.")};
constinit const Table<Identity> table{{"uname", "uname(2)", keys, columns}};

// ---- read: kernel -> rows

class Uname final : public Collector {
 public:
  explicit Uname(const Environment&) {}
  Result<void> collect(Page& page) override {
    utsname names;  // asked anew each time: the host and domain names may change
    if (::uname(&names) != 0) return system_fault("uname");
    auto& row = page.sheet(table).next();
    row.domainname = std::string_view(names.domainname);  // "(none)" where none was set, as the kernel says it
    row.machine = std::string_view(names.machine);
    row.nodename = std::string_view(names.nodename);
    row.release = std::string_view(names.release);
    row.sysname = std::string_view(names.sysname);
    row.version = std::string_view(names.version);
    return {};
  }
};

constexpr const Layout* layouts[] = {&table};

}  // namespace

extern constinit const Entry uname;
constinit const Entry uname{"uname", "The system's name and version.", true, Entry::Runs::fast, make<Uname>, layouts};

}  // namespace vitald::kernel
