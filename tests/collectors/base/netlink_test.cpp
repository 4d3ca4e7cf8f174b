#include "collectors/base/netlink.hpp"
#include "collectors/base/link.hpp"
#include "tests/support/netlink_bytes.hpp"

#include <doctest/doctest.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <vector>

namespace netlink_test {

using namespace vitald;
using test::attribute, test::bytes, test::link_message, test::message;

namespace {

constexpr std::uint32_t sequence = 7;

struct Recorder final : netlink::Listener {
  std::vector<std::string> bodies;
  int begun = 0;
  bool refuses = false;
  void begin() override {
    ++begun;
    bodies.clear();
  }
  Result<void> take(const netlink::Message& told) override {
    if (refuses) return Fault{Parse::unknown_layout, "recorder"};
    bodies.emplace_back(told.body);
    return {};
  }
};

std::string done(int error = 0) { return message(NLMSG_DONE, bytes(error), sequence); }

std::vector<std::uint64_t> counting(std::size_t n) {
  std::vector<std::uint64_t> values;
  for (std::size_t i = 1; i <= n; ++i) values.push_back(i);
  return values;
}

template <class T>
std::string joined(const std::vector<T>& values) {
  std::string all;
  for (const auto value : values) all += bytes(value);
  return all;
}

Result<netlink::Link> link_of(std::string_view body) {
  netlink::Link link;
  const auto parsed = netlink::parse_link(body, link);
  if (!parsed) return parsed.error();
  return link;
}

}  // namespace

TEST_SUITE("base/netlink") {
  TEST_CASE("an answer ends with its last message, over several datagrams") {
    Recorder heard;
    netlink::Answer answer(sequence, heard);
    CHECK(answer.take(message(16, "one", sequence) + message(16, "three", sequence)).value() == false);
    CHECK(answer.take(message(16, "4444", sequence) + done() + message(16, "after", sequence)).value() == true);
    CHECK(heard.bodies == std::vector<std::string>{"one", "three", "4444"});
    CHECK(!answer.interrupted());
  }

  TEST_CASE("answers of an earlier dump are thrown away, even its end and its errors") {
    Recorder heard;
    netlink::Answer answer(sequence, heard);
    const auto old = message(16, "old", 6) + message(NLMSG_DONE, bytes(0), 6) + message(NLMSG_ERROR, bytes(-1), 6);
    CHECK(answer.take(old).value() == false);
    CHECK(answer.take(message(16, "new", sequence) + done()).value() == true);
    CHECK(heard.bodies == std::vector<std::string>{"new"});
  }

  TEST_CASE("a list that changed meanwhile is told, at any message") {
    Recorder heard;
    netlink::Answer answer(sequence, heard);
    CHECK(answer.take(message(16, "x", sequence, NLM_F_MULTI | NLM_F_DUMP_INTR)).value() == false);
    CHECK(answer.take(done()).value() == true);
    CHECK(answer.interrupted());
  }

  TEST_CASE("the kernel's errors are faults with its number") {
    for (const auto& refusal : {message(NLMSG_ERROR, bytes(-EBUSY), sequence), done(-EBUSY)}) {
      Recorder heard;
      const auto taken = netlink::Answer(sequence, heard).take(refusal);
      REQUIRE(taken.has_error());
      CHECK(taken.error().code.value() == EBUSY);
    }
    Recorder heard;
    netlink::Answer answer(sequence, heard);
    for (const auto& odd : {message(NLMSG_ERROR, bytes(0), sequence), message(NLMSG_ERROR, "", sequence),
                            message(NLMSG_ERROR, bytes(5), sequence), done(5), message(NLMSG_OVERRUN, "", sequence)})
      CHECK(answer.take(odd).has_error());
    heard.refuses = true;
    CHECK(answer.take(message(16, "x", sequence)).error().what == "recorder");
  }

  TEST_CASE("a datagram cut anywhere is whole messages or a fault") {
    const auto whole = message(16, "four", sequence) + message(16, "fiver", sequence) + done();
    const std::size_t first = 20, second = first + 24;
    for (std::size_t n = 0; n < whole.size(); ++n) {
      Recorder heard;
      netlink::Answer answer(sequence, heard);
      const auto taken = answer.take(std::string_view(whole).substr(0, n));
      // The second one's padding may be missing: its own 21 bytes are what counts.
      const bool fits = n == 0 || n == first || (n >= second - 3 && n <= second);
      CHECK_MESSAGE(taken.has_value() == fits, n);
    }
  }

  TEST_CASE("lengths that lie are faults") {
    for (const std::uint32_t length : {0u, 15u, 21u, 0x7FFFFFFFu, 0xFFFFFFFFu}) {
      auto lying = message(16, "four", sequence);
      lying.replace(0, 4, bytes(length));
      Recorder heard;
      CHECK_MESSAGE(netlink::Answer(sequence, heard).take(lying).has_error(), length);
    }
  }
}

TEST_SUITE("base/link") {
  TEST_CASE("a link's name, alias and counters of 64 bits are read; unknown and nested attributes are stepped over") {
    const auto body = link_message(
        "eth0", attribute(999, "what is this") + attribute(IFLA_IFALIAS, std::string("up \"link\"\0", 10)) +
                    attribute(IFLA_STATS, joined(std::vector<std::uint32_t>(24, 99))) +
                    attribute(IFLA_AF_SPEC | NLA_F_NESTED, "abc") + attribute(IFLA_STATS64, joined(counting(25))));
    const auto parsed = link_of(body);
    REQUIRE(parsed.has_value());
    CHECK(parsed->name == "eth0");
    CHECK(parsed->alias == "up \"link\"");
    CHECK(parsed->counters.rx_packets == 1);
    CHECK(parsed->counters.tx_bytes == 4);
    CHECK(parsed->counters.tx_compressed == 23);
    CHECK(parsed->counters.rx_nohandler == 24);
  }

  TEST_CASE("counters of 32 bits are taken where there are no others, in either order") {
    const auto narrow = attribute(IFLA_STATS, joined(std::vector<std::uint32_t>(24, 0xFFFFFFFFu)));
    const auto wide = attribute(IFLA_STATS64, joined(counting(23)));
    CHECK(link_of(link_message("a", narrow))->counters.rx_bytes == 0xFFFFFFFFu);
    for (const auto& both : {narrow + wide, wide + narrow}) {
      const auto parsed = link_of(link_message("a", both));
      REQUIRE(parsed.has_value());
      CHECK(parsed->counters.rx_bytes == 3);
      CHECK(!parsed->counters.rx_nohandler.has_value());  // a kernel before 4.6
    }
  }

  TEST_CASE("a link without a name or without counters, or with too few of them, is a fault") {
    const auto wide = attribute(IFLA_STATS64, joined(counting(24)));
    CHECK(link_of(link_message("", wide)).has_error());
    CHECK(link_of(link_message("eth0", "")).has_error());
    CHECK(link_of(link_message("eth0", attribute(IFLA_STATS64, joined(counting(22))))).has_error());
    CHECK(link_of(link_message("eth0", attribute(IFLA_STATS, "") + wide)).has_error());
    CHECK(link_of("").has_error());
  }

  TEST_CASE("a message cut anywhere, or with any one byte changed, is read within its bounds") {
    const auto whole =
        link_message("eth0", attribute(IFLA_IFALIAS, "x") + attribute(IFLA_STATS64, joined(counting(24))));
    for (std::size_t n = 0; n < whole.size(); ++n) {
      const std::vector<char> exact(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));  // for asan
      CHECK_MESSAGE(link_of({exact.data(), exact.size()}).has_error(), n);
    }
    for (std::size_t n = 0; n < whole.size(); ++n)
      for (const char flipped : {'\0', '\1', '\x7f', '\xff'}) {
        auto changed = whole;
        changed[n] = flipped;
        const auto parsed = link_of(changed);
        if (parsed) CHECK(parsed->name.view().size() <= 16);
      }
  }

  TEST_CASE("this machine's links come, with a buffer that is too small at first, too, and the socket is kept") {
    for (const std::size_t size : {std::size_t{64}, std::size_t{32} << 10}) {
      netlink::Socket socket(size);
      Recorder heard;
      for (int round = 0; round < 3; ++round) {
        const auto dumped = netlink::dump_links(socket, heard);
        REQUIRE_MESSAGE(dumped.has_value(), to_string(dumped.error()));
        const auto loopback = [](const std::string& body) {
          const auto link = link_of(body);
          return link && link->name == "lo";
        };
        CHECK(std::ranges::count_if(heard.bodies, loopback) == 1);
      }
      CHECK(heard.begun >= 3);
    }
  }

  TEST_CASE("after a listener's fault the next dump is whole again") {
    netlink::Socket socket;
    Recorder heard;
    heard.refuses = true;
    CHECK(netlink::dump_links(socket, heard).error().what == "recorder");
    heard.refuses = false;
    CHECK(netlink::dump_links(socket, heard).has_value());
    CHECK(!heard.bodies.empty());
  }

  TEST_CASE("what the kernel does not know is its error") {
    netlink::Socket socket;
    Recorder heard;
    const auto refused = socket.dump(999, std::string(16, '\0'), heard);
    REQUIRE(refused.has_error());
    CHECK(refused.error().code.value() == EOPNOTSUPP);
    CHECK(socket.dump(RTM_GETLINK, std::string(100, '\0'), heard).error().code.value() == EINVAL);
  }
}

}  // namespace netlink_test
