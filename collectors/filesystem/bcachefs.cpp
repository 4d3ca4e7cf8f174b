// bcachefs file systems: their devices, errors and counters, from /sys/fs/bcachefs.
#include "collectors/base/fill.hpp"
#include "collectors/filesystem/bcachefs_counters.hpp"

namespace vitald::filesystem {
namespace {

using namespace bcachefs_rows;

// ---- read: files -> rows

bool size_of(std::string_view text, std::uint64_t& out) { return take_size(text, out) && text.empty(); }

struct Sheets {
  Sheet<BtreeWrites>& writes;
  Sheet<Compression>& compression;
  Sheet<ErrorCount>& errors;
  Sheet<Device>& devices;
  Sheet<Transfer>& transfers;
  Sheet<DeviceErrors>& device_errors;
};

class Bcachefs final : public Collector {
 public:
  explicit Bcachefs(const Environment& environment)
      : environment_(environment),
        filesystems_(environment, {.below = "fs/bcachefs", .most = 1024}),
        counters_(environment) {}

  Result<void> collect(Page& page) override {
    auto& sheet = page.sheet(table);
    Sheets sheets{page.sheet(write_table),  page.sheet(compression_table), page.sheet(error_table),
                  page.sheet(device_table), page.sheet(transfer_table),    page.sheet(device_error_table)};
    auto& counters = page.sheet(counter_table);
    const auto looked = filesystems_.look();
    if (const auto done = or_lacking(looked, page); !done) return done;
    devices_.begin();
    counters_.begin();
    for (std::size_t i = 0; looked && i < filesystems_.size(); ++i) {
      if (!filesystems_.there(i)) continue;
      auto& row = sheet.next();
      row.uuid = filesystems_.name(i);
      if (const auto read = read_filesystem(i, row, sheets); !read) return read;
      if (const auto read = read_devices(row.uuid, sheets); !read) return read;
      if (const auto read = counters_.read(row.uuid); !read) return read;
    }
    devices_.end();
    counters_.end(counters);
    if (sheet.view().empty()) return Fault{Parse::no_data, filesystems_.path()};
    return {};
  }

 private:
  static constexpr std::size_t cache_file = 0, writes_file = 1, compression_file = 2, errors_file = 3;

  // What older versions have no file for is not told.
  template <class Row>
  static Result<void> read_table(DeviceFolder& folder, std::size_t device, const DeviceFolder::File& file,
                                 Sheet<Row>& out, auto&& parse) {
    const auto text = folder.read(device, file);
    if (!text) return text.error();
    return *text ? parse(**text, out) : Result<void>();
  }

  Result<void> read_filesystem(std::size_t i, Filesystem& row, Sheets& out) {
    const auto size = filesystems_.read(i, {cache_file, "btree_cache_size"});
    if (!size) return size.error();
    if (std::uint64_t bytes = 0; *size) {
      if (!size_of(**size, bytes)) return filesystems_.fault(Parse::not_a_number);
      row.btree_cache_size = bytes;
    }
    const auto of_this = [&](auto parse) {
      return [this, i, parse](std::string_view text, auto& sheet) { return parse(text, filesystems_.name(i), sheet); };
    };
    auto done =
        read_table(filesystems_, i, {writes_file, "btree_write_stats", true}, out.writes, of_this(parse_btree_writes));
    if (done)
      done = read_table(filesystems_, i, {compression_file, "compression_stats", true}, out.compression,
                        of_this(parse_compression));
    if (done) done = read_table(filesystems_, i, {errors_file, "errors", true}, out.errors, of_this(parse_errors));
    return done;
  }

  Result<void> read_devices(std::string_view uuid, Sheets& out) {
    auto& folder = devices_.of(uuid, [&] {
      return DeviceFolder(environment_, {.below = std::string("fs/bcachefs/").append(uuid),
                                         .keeps = [](std::string_view name) { return name.starts_with("dev-"); }});
    });
    if (const auto looked = folder.look(); !looked) return looked;
    for (std::size_t i = 0; i < folder.size(); ++i) {
      if (!folder.there(i)) continue;
      auto& row = out.devices.next();
      row.device = folder.name(i).substr(4);
      row.uuid = uuid;
      if (const auto filled = fill(folder, i, attributes, &row); !filled) return filled;
      const auto of_this = [&](auto parse) {
        return [&row, parse](std::string_view text, auto& sheet) { return parse(text, row.device, row.uuid, sheet); };
      };
      auto done = read_table(folder, i, {done_file, "io_done", true}, out.transfers, of_this(parse_io_done));
      if (done)
        done = read_table(folder, i, {io_errors_file, "io_errors", true}, out.device_errors, of_this(parse_io_errors));
      if (!done) return done;
    }
    return {};
  }

  static constexpr Attribute attributes[] = {
      converted<&Device::bucket_size, size_of>("bucket_size"),
      number<&Device::buckets>("nbuckets"),
      number<&Device::durability>("durability"),
      text<&Device::label>("label"),
      text<&Device::state>("state"),
  };
  static constexpr std::size_t done_file = std::size(attributes), io_errors_file = done_file + 1;

  Environment environment_;
  DeviceFolder filesystems_;
  ByName<DeviceFolder> devices_;
  BcachefsCounters counters_;
};

constexpr const Layout* layouts[] = {&table,        &write_table,    &compression_table,  &error_table,
                                     &device_table, &transfer_table, &device_error_table, &counter_table};

}  // namespace

extern constinit const Entry bcachefs;
constinit const Entry bcachefs{"bcachefs",
                               "Devices, errors and counters of bcachefs.",
                               true,
                               Entry::Runs::fast,
                               make<Bcachefs>,
                               layouts,
                               {},
                               "CONFIG_BCACHEFS_FS."};

}  // namespace vitald::filesystem
