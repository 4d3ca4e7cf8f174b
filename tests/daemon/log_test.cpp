#include "daemon/log.hpp"

#include "daemon/log_descriptor.hpp"
#include "daemon/log_line.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

namespace log_test {

using namespace vitald;
using namespace std::chrono_literals;

namespace {

struct Pipe {
  Pipe() { REQUIRE(::pipe2(ends, O_CLOEXEC) == 0); }
  ~Pipe() {
    for (const int end : ends)
      if (end >= 0) ::close(end);
  }
  void close_reader() { ::close(std::exchange(ends[0], -1)); }
  std::string read_all() const {  // what is there now
    REQUIRE(::fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0);
    std::string all;
    char part[65536];
    for (ssize_t n; (n = ::read(ends[0], part, sizeof part)) > 0;) all.append(part, static_cast<std::size_t>(n));
    return all;
  }
  int ends[2];
};

std::string logfmt(std::string_view value) {
  Out out;
  write_logfmt(out, value);
  return std::string(out.view());
}

std::string time_text(std::chrono::milliseconds since_1970) {
  Out out;
  write_time(out, std::chrono::system_clock::time_point(since_1970));
  return std::string(out.view());
}

// The line without its time, which must look like one.
std::string without_time(const std::string& line) {
  REQUIRE(line.size() > 30);
  CHECK(line.starts_with("time=20"));
  CHECK(line.substr(28, 2) == "Z ");
  return line.substr(30);
}

}  // namespace

TEST_SUITE("daemon/log") {
  TEST_CASE("a line has time, level, message and fields in their order") {
    Pipe pipe;
    Log log(Log::Level::info, Log::Format::logfmt, pipe.ends[1]);
    log.info("listening", {{"address", "127.0.0.1:9100"}, {"tls", "no"}});
    CHECK(without_time(pipe.read_all()) == "level=INFO msg=listening address=127.0.0.1:9100 tls=no\n");
    log.error("cannot start at all");
    CHECK(without_time(pipe.read_all()) == "level=ERROR msg=\"cannot start at all\"\n");
    log.warn("");
    CHECK(without_time(pipe.read_all()) == "level=WARN msg=\"\"\n");
    CHECK(log.lost() == 0);
  }

  TEST_CASE("only lines of the level and above are written") {
    constexpr Log::Level levels[] = {Log::Level::debug, Log::Level::info, Log::Level::warn, Log::Level::error};
    constexpr std::string_view heads[] = {"level=DEBUG", "level=INFO", "level=WARN", "level=ERROR"};
    for (std::size_t least = 0; least < 4; ++least) {
      Pipe pipe;
      Log log(levels[least], Log::Format::logfmt, pipe.ends[1]);
      log.debug("x"), log.info("x"), log.warn("x"), log.error("x");
      const auto text = pipe.read_all();
      for (std::size_t i = 0; i < 4; ++i) {
        CHECK((text.find(heads[i]) != std::string::npos) == (i >= least));
        CHECK(log.writes(levels[i]) == (i >= least));
      }
    }
  }

  TEST_CASE("times are UTC with milliseconds") {
    CHECK(time_text(0ms) == "1970-01-01T00:00:00.000Z");
    CHECK(time_text(1'795'446'245'123ms) == "2026-11-23T15:04:05.123Z");
    CHECK(time_text(1'709'251'199'999ms) == "2024-02-29T23:59:59.999Z");
    CHECK(time_text(-1ms) == "1969-12-31T23:59:59.999Z");
  }

  TEST_CASE("values are quoted where they must be, and no byte breaks the line") {
    CHECK(logfmt("plain") == "plain");
    CHECK(logfmt("/dev/sda1,[a]{b}") == "/dev/sda1,[a]{b}");
    CHECK(logfmt("back\\slash") == "back\\slash");
    CHECK(logfmt("") == R"("")");
    CHECK(logfmt("two words") == R"("two words")");
    CHECK(logfmt("a=b") == R"("a=b")");
    CHECK(logfmt("say \"hi\" \\") == R"("say \"hi\" \\")");
    CHECK(logfmt("a\nb\r\tc") == R"("a\nb\r\tc")");
    CHECK(logfmt(std::string_view("a\0b\x1B[2J\x7F", 8)) == R"("a\x00b\x1b[2J\x7f")");
    CHECK(logfmt("M\xC3\xBCll\xE2\x82\xAC") == "M\xC3\xBCll\xE2\x82\xAC");
    CHECK(logfmt("\xC3") == R"("\xc3")");
    CHECK(logfmt("a\xFF\xFEz") == R"("a\xff\xfez")");
    CHECK(logfmt("\xC2\x9B"
                 "31m") == R"("\xc2\x9b31m")");  // U+009B steers terminals as ESC [ does
  }

  TEST_CASE("as JSON each line is one object, whatever the values hold") {
    Pipe pipe;
    Log log(Log::Level::debug, Log::Format::json, pipe.ends[1]);
    log.debug("it \"says\"\n", {{"bytes", "\xFF"}, {"path", "/a b"}});
    const auto text = pipe.read_all();
    CHECK(text.find('\n') == text.size() - 1);
    const auto line = nlohmann::json::parse(text);
    CHECK(line["level"] == "DEBUG");
    CHECK(line["msg"] == "it \"says\"\n");
    CHECK(line["bytes"] == "\xEF\xBF\xBD");
    CHECK(line["path"] == "/a b");
    CHECK(line["time"].get<std::string>().size() == 24);
  }

  TEST_CASE("who does not read is not waited for, and gets whole lines again later") {
    Pipe pipe;
    Log log(Log::Level::info, Log::Format::logfmt, pipe.ends[1]);
    const std::string large(10'000, 'x');
    for (int i = 0; i < 100; ++i) log.info(std::to_string(i), {{"value", large}});  // a pipe holds 65,536 bytes
    const auto lost = log.lost();
    CHECK(lost >= 90);
    CHECK(lost < 100);
    pipe.read_all();
    log.info("again");
    auto text = pipe.read_all();
    if (text.starts_with('\n')) text.erase(0, 1);  // the end of the line that was cut
    const auto at = text.find('\n') + 1;
    CHECK(without_time(text.substr(0, at)) ==
          "level=WARN msg=\"lines of the log were lost\" lines=" + std::to_string(lost) + "\n");
    CHECK(without_time(text.substr(at)) == "level=INFO msg=again\n");
    log.info("told once");
    CHECK(without_time(pipe.read_all()) == "level=INFO msg=\"told once\"\n");
    CHECK(log.lost() == lost);
  }

  TEST_CASE("a socket whose reader sleeps is not waited for") {
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    Log log(Log::Level::info, Log::Format::logfmt, ends[1]);
    const std::string large(100'000, 'x');
    for (int i = 0; i < 50; ++i) log.info(std::to_string(i), {{"value", large}});
    CHECK(log.lost() > 0);
    ::close(ends[0]);
    const auto before = log.lost();
    log.info("nobody is there");
    CHECK(log.lost() == before + 1);
    ::close(ends[1]);
  }

  TEST_CASE("a line that cannot be written is counted") {
    const auto was = std::signal(SIGPIPE, SIG_IGN);
    Pipe pipe;
    Log broken(Log::Level::info, Log::Format::logfmt, pipe.ends[1]);
    pipe.close_reader();
    broken.info("x");
    CHECK(broken.lost() == 1);
    Log none(Log::Level::info, Log::Format::logfmt, -1);
    none.info("x");
    none.debug("not asked for, so not lost");
    CHECK(none.lost() == 1);
    std::signal(SIGPIPE, was);
  }

  TEST_CASE("the descriptor's flags and the descriptor stay the caller's") {
    Pipe pipe;
    { Log log(Log::Level::info, Log::Format::logfmt, pipe.ends[1]); }
    CHECK((::fcntl(pipe.ends[1], F_GETFL) & O_NONBLOCK) == 0);
    CHECK(::write(pipe.ends[1], "x", 1) == 1);
  }

  TEST_CASE("lines of several threads do not mix") {
    Pipe pipe;
    Log log(Log::Level::info, Log::Format::logfmt, pipe.ends[1]);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&, t] {
        for (int i = 0; i < 100; ++i) log.info("from a thread", {{"value", std::to_string(1'000'000 + 100 * t + i)}});
      });
    for (auto& thread : threads) thread.join();
    CHECK(log.lost() == 0);
    std::string_view text, all;
    const auto whole = pipe.read_all();
    all = whole;
    std::size_t count = 0;
    for (; !all.empty(); ++count) {
      text = all.substr(0, all.find('\n') + 1);
      const auto line = without_time(std::string(text));
      CHECK(line.starts_with("level=INFO msg=\"from a thread\" value=1000"));
      CHECK(line.size() == 45);
      all.remove_prefix(text.size());
    }
    CHECK(count == 400);
  }

  TEST_CASE("a line that comes again and again is written five times, and told with its count at the end") {
    Pipe pipe;
    Log log(Log::Level::info, Log::Format::logfmt, pipe.ends[1]);
    for (int i = 0; i < 1000; ++i) log.warn("again", {{"of", "a kind"}});
    log.info("another");
    log.end();
    const auto text = pipe.read_all();
    CHECK(std::ranges::count(text, '\n') == 7);
    CHECK(text.find("msg=again of=\"a kind\" repeats=\"the next within a minute are counted\"\n") != text.npos);
    CHECK(text.find("level=INFO msg=another\n") != text.npos);
    CHECK(text.ends_with("level=WARN msg=again of=\"a kind\" repeated=995\n"));
    CHECK(log.lost() == 0);
  }

  TEST_CASE("the level can be changed while it runs") {
    Pipe pipe;
    Log log(Log::Level::error, Log::Format::logfmt, pipe.ends[1]);
    log.info("not yet");
    log.least(Log::Level::debug);
    log.debug("now");
    CHECK(without_time(pipe.read_all()) == "level=DEBUG msg=now\n");
  }

  TEST_CASE("until the start is over the terminal sees what goes wrong, and after it nothing") {
    Pipe terminal, other;
    Log log(Log::Level::info, Log::Format::logfmt, terminal.ends[1]);
    log.move_to(log_to_descriptor(other.ends[1], Log::Format::logfmt));
    log.info("usual");
    log.error("wrong");
    CHECK(without_time(terminal.read_all()) == "level=ERROR msg=wrong\n");
    log.started();
    log.error("later");
    CHECK(terminal.read_all() == "");
    CHECK(std::ranges::count(other.read_all(), '\n') == 3);
  }
}

}  // namespace log_test
