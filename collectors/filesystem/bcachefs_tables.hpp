#pragma once
// What bcachefs' rows mean: families, JSON, handbook.
#include "collectors/filesystem/bcachefs_text.hpp"

namespace vitald::filesystem::bcachefs_rows {

struct Filesystem {
  Text uuid;
  std::optional<std::uint64_t> btree_cache_size;
};
inline constexpr Key keys[] = {key<&Filesystem::uuid>("uuid")};
inline constexpr Column columns[] = {
    gauge<&Filesystem::btree_cache_size>("bcachefs_btree_cache_size_bytes", "Memory that the index's cache takes."),
    info("bcachefs_info", "A file system that is there; always 1."),
};
inline constinit const Table<Filesystem> table{{"bcachefs", "/sys/fs/bcachefs", keys, columns}};

inline constexpr Key write_keys[] = {key<&BtreeWrites::type>("type"), key<&BtreeWrites::uuid>("uuid")};
inline constexpr Column write_columns[] = {
    gauge<&BtreeWrites::size>("bcachefs_btree_write_average_size_bytes", "Average size of the index's writes."),
    counter<&BtreeWrites::count>("bcachefs_btree_writes_total", "Writes of nodes of the index."),
};
inline constinit const Table<BtreeWrites> write_table{
    {"bcachefs_btree_writes", "/sys/fs/bcachefs", write_keys, write_columns}};

inline constexpr Key compression_keys[] = {key<&Compression::algorithm>("algorithm"), key<&Compression::uuid>("uuid")};
inline constexpr Column compression_columns[] = {
    gauge<&Compression::compressed>("bcachefs_compression_compressed_bytes", "Size of the data after compression."),
    gauge<&Compression::uncompressed>("bcachefs_compression_uncompressed_bytes",
                                      "Size of the data before compression."),
};
inline constinit const Table<Compression> compression_table{
    {"bcachefs_compression", "/sys/fs/bcachefs", compression_keys, compression_columns}};

inline constexpr Key error_keys[] = {key<&ErrorCount::error_type>("error_type"), key<&ErrorCount::uuid>("uuid")};
inline constexpr Column error_columns[] = {
    counter<&ErrorCount::count>("bcachefs_errors_total", "Errors that were found, by their kind.")};
inline constinit const Table<ErrorCount> error_table{
    {"bcachefs_errors", "/sys/fs/bcachefs", error_keys, error_columns}};

struct Device {
  Text device, label, state, uuid;
  std::optional<std::uint64_t> bucket_size, buckets, durability;
};
inline constexpr Key device_keys[] = {key<&Device::device>("device"), key<&Device::uuid>("uuid")};
inline constexpr Key device_info_keys[] = {key<&Device::device>("device"), key<&Device::label>("label"),
                                           key<&Device::state>("state"), key<&Device::uuid>("uuid")};
inline constexpr Column device_columns[] = {
    gauge<&Device::bucket_size>("bcachefs_device_bucket_size_bytes", "Size of the device's buckets."),
    gauge<&Device::buckets>("bcachefs_device_buckets", "Buckets of the device."),
    gauge<&Device::durability>("bcachefs_device_durability", "Copies that one on this device counts for."),
    with_keys(info("bcachefs_device_info", "The device's label and state; always 1."), device_info_keys),
};
inline constinit const Table<Device> device_table{
    {"bcachefs_devices", "/sys/fs/bcachefs", device_keys, device_columns}};

inline constexpr Key transfer_keys[] = {key<&Transfer::data_type>("data_type"), key<&Transfer::device>("device"),
                                        key<&Transfer::operation>("operation"), key<&Transfer::uuid>("uuid")};
inline constexpr Column transfer_columns[] = {
    counter<&Transfer::bytes>("bcachefs_device_io_done_bytes_total", "Bytes read and written, by what they are.")};
inline constinit const Table<Transfer> transfer_table{
    {"bcachefs_io", "/sys/fs/bcachefs", transfer_keys, transfer_columns}};

inline constexpr Key device_error_keys[] = {key<&DeviceErrors::device>("device"), key<&DeviceErrors::type>("type"),
                                            key<&DeviceErrors::uuid>("uuid")};
inline constexpr Column device_error_columns[] = {
    counter<&DeviceErrors::count>("bcachefs_device_io_errors_total", "Errors of the device.")};
inline constinit const Table<DeviceErrors> device_error_table{
    {"bcachefs_io_errors", "/sys/fs/bcachefs", device_error_keys, device_error_columns}};

struct Counter {
  Text family, uuid;
  std::uint64_t value = 0;
};
inline constexpr Key counter_keys[] = {key<&Counter::uuid>("uuid")};
inline constexpr Column counter_columns[] = {
    open<&Counter::value>(Type::counter, "bcachefs_", "A counter of the file system since it was made.")};
inline constinit const Table<Counter> counter_table{
    {"bcachefs_counters", "/sys/fs/bcachefs", counter_keys, counter_columns, named<&Counter::family>}};

}  // namespace vitald::filesystem::bcachefs_rows
