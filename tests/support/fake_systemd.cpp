#include "tests/support/fake_systemd.hpp"

#include "collectors/service/sd_bus.hpp"
#include "tests/support/places.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>

namespace vitald::test {
namespace {

constexpr const char* variable = "DBUS_SYSTEM_BUS_ADDRESS";

std::vector<std::string> with(std::string first, const std::vector<std::string>& rest) {
  std::vector<std::string> all{std::move(first)};
  all.insert(all.end(), rest.begin(), rest.end());
  return all;
}

constexpr std::string_view configuration = R"(<busconfig>
<listen>unix:path=FOLDER/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_destination="*"/>
<allow receive_sender="*"/></policy></busconfig>
)";

}  // namespace

Child::Child(const std::vector<std::string>& command) {
  int to[2], from[2];
  REQUIRE(::pipe2(to, O_CLOEXEC) == 0);
  REQUIRE(::pipe2(from, O_CLOEXEC) == 0);
  std::vector<char*> words;
  for (const auto& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const auto parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(to[0], STDIN_FILENO);
    ::dup2(from[1], STDOUT_FILENO);
    if (::getppid() == parent) ::execvp(words[0], words.data());
    ::_exit(127);
  }
  ::close(to[0]);
  ::close(from[1]);
  in_ = to[1];
  out_ = from[0];
  REQUIRE(pid_ > 0);
}

Child::~Child() {
  stop();
  ::close(in_);
  ::close(out_);
}

void Child::stop() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

bool Child::say(const std::string& line) {
  const auto all = line + "\n";
  return ::write(in_, all.data(), all.size()) == static_cast<ssize_t>(all.size());
}

std::string Child::line() {
  for (;;) {
    if (const auto end = read_.find('\n'); end != read_.npos) {
      const auto line = read_.substr(0, end);
      read_.erase(0, end + 1);
      return line;
    }
    pollfd asked{out_, POLLIN, 0};
    char bytes[4096];
    if (::poll(&asked, 1, 10'000) <= 0) return {};
    const auto n = ::read(out_, bytes, sizeof bytes);
    if (n <= 0) return {};
    read_.append(bytes, static_cast<std::size_t>(n));
  }
}

BusAddress::BusAddress(const std::string& address) {
  if (const char* const there = std::getenv(variable)) before_ = there;
  ::setenv(variable, address.c_str(), 1);
}

BusAddress::~BusAddress() {
  if (before_)
    ::setenv(variable, before_->c_str(), 1);
  else
    ::unsetenv(variable);
}

bool PrivateBus::can() {
  static const bool both = ::access("/usr/bin/dbus-daemon", X_OK) == 0 && service::load_sd_bus().has_value();
  if (!both) MESSAGE("no dbus-daemon or no libsystemd here: not tried");
  return both;
}

PrivateBus::PrivateBus() : address_("unix:path=" + folder_.path("bus")) {
  std::string text(configuration);
  text.replace(text.find("FOLDER"), 6, folder_.path("."));
  folder_.file("bus.conf", text);
  start();
}

void PrivateBus::start() {
  folder_.remove("bus");
  // As root without all capabilities it complains that it may not have more descriptors than it needs.
  const std::string command = "exec dbus-daemon --nofork --nopidfile --print-address=1 --config-file=\"$0\" 2>&-";
  daemon_.emplace(std::vector<std::string>{"/bin/sh", "-c", command, folder_.path("bus.conf")});
  REQUIRE(daemon_->line().starts_with("unix:path="));
}

FakeSystemd::FakeSystemd(const std::vector<std::string>& arguments) : child_(with(fake_systemd, arguments)) {
  REQUIRE(child_.line() == "ready");
}

std::size_t FakeSystemd::tell(std::string order) {
  std::ranges::replace(order, ' ', '\t');
  REQUIRE(child_.say(order));
  const auto said = child_.line();
  REQUIRE_FALSE(said.empty());
  return std::stoul(said);
}

}  // namespace vitald::test
