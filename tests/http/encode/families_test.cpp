#include "http/encode/families.hpp"

#include <doctest/doctest.h>

namespace families_test {

using namespace vitald;

namespace {

struct Core {
  std::string name;
  std::uint64_t user = 0, system = 0, pages = 0;
};
constexpr Key keys[] = {key<&Core::name>("core")};
constexpr Column columns[] = {
    counter<&Core::user>("cpu_seconds_total", "Time.", {"mode", "user"}, "user_seconds"),
    counter<&Core::system>("cpu_seconds_total", "Time.", {"mode", "system"}, "system_seconds"),
    gauge<&Core::pages>("cpu_pages", "Pages.", {"a", "b"}),
    with_keys(info("cpu_info", "What it is."), {}),
};
constinit const Table<Core> table{{"cpu", "/proc/stat", keys, columns}};

using Names = std::vector<std::string_view>;

}  // namespace

TEST_SUITE("encode/families") {
  TEST_CASE("columns of one family are told as one, with the labels that its samples have") {
    const auto all = encode::families(table);
    REQUIRE(all.size() == 3);
    CHECK(all[0].name() == "node_cpu_seconds_total");
    CHECK(all[0].columns.size() == 2);
    CHECK(all[0].labels() == Names{"core", "mode"});
    CHECK(all[1].labels() == Names{"a", "core"});
    CHECK(all[2].labels() == Names{});
  }

  TEST_CASE("the unit is what the name ends in") {
    CHECK(encode::unit_of("node_cpu_seconds_total") == "seconds");
    CHECK(encode::unit_of("node_memory_MemFree_bytes") == "bytes");
    CHECK(encode::unit_of("node_load1") == "");
    CHECK(encode::unit_of("node_context_switches_total") == "");
    CHECK(encode::unit_of("bytes") == "");
  }
}

}  // namespace families_test
