#include "http/encode/exposition.hpp"

#include "collectors/base/page.hpp"
#include "http/encode/json.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace exposition_test {

using namespace vitald;

namespace {

struct Card {
  Text name, driver;
  std::uint32_t errors = 0, resets = 0;
  std::optional<std::int64_t> speed;  // only newer kernels say
  double ratio = 0;
  bool known = false;
};

constexpr Key keys[] = {key<&Card::name>("card")};
constexpr Key driver_keys[] = {key<&Card::name>("card"), key<&Card::driver>("driver")};
constexpr Column columns[] = {
    with_keys(info_if<&Card::known>("card_info", "Which driver runs it."), driver_keys),
    counter<&Card::errors>("card_events_total", "Events by kind.", {"kind", "error"}, "errors"),
    counter<&Card::resets>("card_events_total", "Events by kind.", {"a_kind", "reset"}, "resets"),
    gauge<&Card::speed>("card_speed_bytes", "Speed of the link."),
    untyped<&Card::ratio>("card_ratio", "Share of the time in use."),
};
constinit const Table<Card> cards{{"card", "nowhere", keys, columns}};

constexpr Column driven_columns[] = {
    counter<&Card::errors>("card_events_total", "Events by kind.", {"cause", "error"}, "errors"),
};
constinit const Table<Card> driven{{"driven", "nowhere", driver_keys, driven_columns}};

struct Field {
  Text name;
  std::uint64_t value = 0;
};
constexpr Column open_columns[] = {open<&Field::value>(Type::gauge, "memory_", "A field.")};
constinit const Table<Field> fields{{"memory", "nowhere", {}, open_columns, named<&Field::name>}};

constexpr Key field_keys[] = {key<&Card::name>("card")};
struct CardField : Card {
  Text field;
};
constexpr Column card_field_columns[] = {open<&CardField::errors>(Type::untyped, "card_", "A counter of a card.")};
constinit const Table<CardField> card_fields{
    {"card_fields", "nowhere", field_keys, card_field_columns, named<&CardField::field>}};

struct Board {
  OptionalText name, serial;
  std::optional<std::uint64_t> odd;
};
constexpr Key board_keys[] = {key<&Board::name>("name"), key<&Board::serial>("serial")};
constexpr Column board_columns[] = {info("board_info", "What it is."),
                                    counter<&Board::odd>("board_parts_total", "Parts.", {"part", "odd"}, "odd")};
constinit const Table<Board> boards{{"board", "nowhere", board_keys, board_columns}};

template <class Row>
std::string text(const Sheet<Row>& sheet) {
  Out out;
  encode::Exposition exposition;
  exposition.write(sheet.rows(), out);
  return std::string(out.view());
}

template <class Row>
std::string json(const Sheet<Row>& sheet) {
  Out out;
  encode::json(sheet.rows(), out);
  return std::string(out.view());
}

std::string number(Value value) {
  Out out;
  encode::number(out, value);
  return std::string(out.view());
}

}  // namespace

TEST_SUITE("http/encode") {
  TEST_CASE("a text brought up to date is as one that is made anew, whatever changed") {
    Sheet<Card> one(cards), other(driven);
    Sheet<Field> open(fields);
    encode::Exposition exposition;
    Encoded kept;
    std::uint32_t seed = 7;
    const auto roll = [&](std::uint32_t sides) {
      return (seed = seed * 1664525 + 1013904223) >> 8 & 0xffff & (sides - 1);
    };
    const auto fill = [&](Sheet<Card>& sheet, std::uint32_t rows) {
      sheet.rewind();
      for (std::uint32_t i = 0; i < rows; ++i) {
        auto& row = sheet.next();
        row.name = i % 2 == 0 ? "a" : "bc";
        row.errors = roll(4) == 0 ? roll(4) * 50 : 7;
        row.resets = 3;
        if (roll(16) != 0) row.speed = -5;
        row.ratio = roll(4) / 8.0;
        row.known = roll(32) != 0;
      }
    };
    std::size_t longest = 0;
    for (int round = 0; round < 2000; ++round) {
      fill(one, 1 + (roll(64) == 0 ? roll(4) : 1));
      fill(other, roll(64) == 0 ? roll(4) : 2);
      open.rewind();
      open.next().name = roll(64) == 0 ? "x" : "y";
      open.next().value = roll(8) == 0 ? roll(16) : 5;
      Out anew;
      std::size_t table = 0;
      kept.rewind();
      for (const auto& rows : {one.rows(), other.rows(), open.rows()}) {
        exposition.write(rows, kept, table++);
        encode::Exposition().write(rows, anew);
      }
      kept.made = true;
      longest = std::max(longest, anew.size());
      REQUIRE(kept.text.view() == anew.view());
    }
    CHECK(longest > 500);
  }

  TEST_CASE("absent values are no samples, labels are escaped, families stand together") {
    Sheet<Card> sheet(cards);
    auto& first = sheet.next();
    first.name = "a\"b\\c\n";
    first.driver = "x";
    first.known = true;
    first.errors = 7;
    sheet.next().name = "b";
    CHECK(text(sheet) ==
          "# HELP node_card_info Which driver runs it.\n# TYPE node_card_info gauge\n"
          "node_card_info{card=\"a\\\"b\\\\c\\n\",driver=\"x\"} 1\n"
          "# HELP node_card_events_total Events by kind.\n# TYPE node_card_events_total counter\n"
          "node_card_events_total{card=\"a\\\"b\\\\c\\n\",kind=\"error\"} 7\n"
          "node_card_events_total{card=\"b\",kind=\"error\"} 0\n"
          "node_card_events_total{a_kind=\"reset\",card=\"a\\\"b\\\\c\\n\"} 0\n"
          "node_card_events_total{a_kind=\"reset\",card=\"b\"} 0\n"
          "# HELP node_card_ratio Share of the time in use.\n# TYPE node_card_ratio untyped\n"
          "node_card_ratio{card=\"a\\\"b\\\\c\\n\"} 0\nnode_card_ratio{card=\"b\"} 0\n");
    CHECK(json(sheet) == R"([{"card":"a\"b\\c\u000a","driver":"x","errors":7,"resets":0,"speed_bytes":null,"ratio":0},)"
                         R"({"card":"b","driver":"","errors":0,"resets":0,"speed_bytes":null,"ratio":0}])");
  }

  TEST_CASE("a fixed label stands in its alphabetical place between the row's") {
    Sheet<Card> sheet(driven);
    sheet.next().driver = "x";
    CHECK(text(sheet).ends_with("node_card_events_total{card=\"\",cause=\"error\",driver=\"x\"} 0\n"));
  }

  TEST_CASE("a missing text is no label, and another than an empty one") {
    Sheet<Board> sheet(boards);
    sheet.next();
    sheet.next().serial = "";
    Out out;
    encode::Exposition exposition;
    exposition.write(sheet.rows(), out);
    CHECK(out.view().ends_with("node_board_info 1\nnode_board_info{serial=\"\"} 1\n"));
    CHECK(json(sheet) == R"([{"name":null,"serial":null,"odd":null},{"name":null,"serial":"","odd":null}])");
    sheet.rewind();
    sheet.next().name = "";
    sheet.next();
    out.clear();
    exposition.write(sheet.rows(), out);
    CHECK(out.view().ends_with("node_board_info{name=\"\"} 1\nnode_board_info 1\n"));
    sheet.rewind();
    sheet.next().odd = 1;
    sheet.next().odd = 2;
    sheet.view()[1].serial = "s";
    out.clear();
    exposition.write(sheet.rows(), out);
    CHECK(out.view().ends_with("total{part=\"odd\"} 1\nnode_board_parts_total{part=\"odd\",serial=\"s\"} 2\n"));
    out.clear();
    encode::json_schema(boards, out);
    CHECK(out.view().find(R"("name":{"type":["string","null"]})") != std::string_view::npos);
  }

  TEST_CASE("no rows, no text") {
    Sheet<Card> sheet(cards);
    CHECK(text(sheet).empty());
    CHECK(json(sheet) == "[]");
  }

  TEST_CASE("the kernel's own names complete the family") {
    Sheet<Field> sheet(fields);
    sheet.next().name = "MemFree_bytes";
    auto& second = sheet.next();
    second.name = "HugePages_Free";
    second.value = 3;
    CHECK(text(sheet) ==
          "# HELP node_memory_MemFree_bytes A field.\n# TYPE node_memory_MemFree_bytes gauge\n"
          "node_memory_MemFree_bytes 0\n"
          "# HELP node_memory_HugePages_Free A field.\n# TYPE node_memory_HugePages_Free gauge\n"
          "node_memory_HugePages_Free 3\n");
    CHECK(json(sheet) == R"({"MemFree_bytes":0,"HugePages_Free":3})");
  }

  TEST_CASE("the kernel's own names of several devices: a family's rows stand together, JSON has a row for each") {
    Sheet<CardField> sheet(card_fields);
    for (const auto& [field, card] : {std::pair{"crc", "a"}, {"crc", "b"}, {"lost", "a"}}) {
      auto& row = sheet.next();
      row.field = field;
      row.name = card;
      row.errors = 7;
    }
    CHECK(text(sheet) ==
          "# HELP node_card_crc A counter of a card.\n# TYPE node_card_crc untyped\n"
          "node_card_crc{card=\"a\"} 7\nnode_card_crc{card=\"b\"} 7\n"
          "# HELP node_card_lost A counter of a card.\n# TYPE node_card_lost untyped\nnode_card_lost{card=\"a\"} 7\n");
    CHECK(json(sheet) == R"([{"card":"a","name":"crc","value":7},{"card":"b","name":"crc","value":7},)"
                         R"({"card":"a","name":"lost","value":7}])");
    Out out;
    encode::json_schema(card_fields, out);
    CHECK(out.view() == R"({"type":"array","items":{"type":"object","properties":{"card":{"type":"string"},)"
                        R"("name":{"type":"string"},"value":{"type":["number","null"]}}}})");
  }

  TEST_CASE("a recycled row keeps nothing of what it was") {
    Sheet<Card> sheet(cards);
    auto& row = sheet.next();
    row.name = "a name that is too long to stand inside of the string itself";
    row.speed = 5;
    row.known = true;
    sheet.rewind();
    auto& again = sheet.next();
    CHECK(again.name.empty());
    CHECK_FALSE(again.speed);
    CHECK_FALSE(again.known);
  }

  TEST_CASE("bytes that are not UTF-8 become U+FFFD, one for each run") {
    Sheet<Card> sheet(cards);
    sheet.next().name = "x\xff\xc3\xa9\xed\xa0\x80\xf0\x9f\x90";  // a byte, é, a surrogate, a cut character
    const std::string bad = "\xEF\xBF\xBD";
    CHECK(text(sheet).find("{card=\"x" + bad + "\xc3\xa9" + bad + "\"}") != std::string::npos);
    CHECK(json(sheet).find("\"x" + bad + "\xc3\xa9" + bad) != std::string::npos);
  }

  TEST_CASE("numbers are the shortest that read back the same") {
    CHECK(number(0.1) == "0.1");
    CHECK(number(64 * 0.001) == "0.064");
    CHECK(number(18446744073709551615u) == "18446744073709551615");
    CHECK(number(-5) == "-5");
    CHECK(number(std::nan("")) == "NaN");
    CHECK(number(std::numeric_limits<double>::infinity()) == "+Inf");
    CHECK(number(-std::numeric_limits<double>::infinity()) == "-Inf");
    Out out;
    encode::json_number(out, std::nan(""));
    CHECK(out.view() == "null");
  }

  TEST_CASE("the schema and the handbook come from the same table") {
    Out schema, handbook;
    encode::json_schema(cards, schema);
    encode::markdown(cards, handbook);
    CHECK(schema.view().find(R"("errors":{"type":["integer","null"],"description":"Events by kind."})") !=
          std::string_view::npos);
    CHECK(handbook.view().find("| `node_card_info` | gauge | `card` `driver` | | Which driver runs it. |") !=
          std::string_view::npos);
  }
}

}  // namespace exposition_test
