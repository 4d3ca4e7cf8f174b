#pragma once
// How bcachefs writes what it tells below /sys/fs/bcachefs. Texts come without the blanks around them.
#include "collectors/base/page.hpp"

namespace vitald::filesystem {

// "512", "7.05G", and "1.32 TiB" as newer versions have it: powers of 1024, cut to an integer. Takes it from the line.
bool take_size(std::string_view& line, std::uint64_t& out);

struct Compression {
  Text algorithm, uuid;
  std::uint64_t compressed = 0, uncompressed = 0;  // bytes
};
Result<void> parse_compression(std::string_view text, std::string_view uuid, Sheet<Compression>& out);

struct BtreeWrites {
  Text type, uuid;
  std::uint64_t count = 0, size = 0;  // average bytes
};
Result<void> parse_btree_writes(std::string_view text, std::string_view uuid, Sheet<BtreeWrites>& out);

struct ErrorCount {
  Text error_type, uuid;
  std::uint64_t count = 0;
};
Result<void> parse_errors(std::string_view text, std::string_view uuid, Sheet<ErrorCount>& out);

struct Transfer {
  Text data_type, device, operation, uuid;
  std::uint64_t bytes = 0;
};
Result<void> parse_io_done(std::string_view text, std::string_view device, std::string_view uuid, Sheet<Transfer>& out);

struct DeviceErrors {
  Text device, type, uuid;
  std::uint64_t count = 0;
};
Result<void> parse_io_errors(std::string_view text, std::string_view device, std::string_view uuid,
                             Sheet<DeviceErrors>& out);

Result<void> parse_counter(std::string_view text, std::uint64_t& out);  // since the file system was made

// "odd-name" is "odd_name_total": each run of what can be no part of a family's name is one '_'.
void family_of_counter(std::string_view name, Text& out);

}  // namespace vitald::filesystem
