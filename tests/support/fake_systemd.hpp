#pragma once
// A D-Bus daemon of the test's own, and a service on it that behaves as systemd does, or as the test wants.
#include "tests/support/tree.hpp"

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace vitald::test {

// A program with pipes at both ends, which ends with the object, or with the test.
class Child {
 public:
  explicit Child(const std::vector<std::string>& command);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  bool say(const std::string& line);
  std::string line();  // its next one; empty when there is none within some seconds
  void stop();         // at once
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  int in_ = -1, out_ = -1;
  std::string read_;
};

// Where the system's bus is for as long as this lives.
class BusAddress {
 public:
  explicit BusAddress(const std::string& address);
  ~BusAddress();
  BusAddress(const BusAddress&) = delete;
  BusAddress& operator=(const BusAddress&) = delete;

 private:
  std::optional<std::string> before_;
};

class PrivateBus {
 public:
  static bool can();  // whether dbus-daemon and libsystemd are here
  PrivateBus();
  pid_t pid() const { return daemon_->pid(); }
  void stop() { daemon_.reset(); }
  void start();

 private:
  Tree folder_;
  BusAddress address_;
  std::optional<Child> daemon_;
};

class FakeSystemd {
 public:
  FakeSystemd() : FakeSystemd(std::vector<std::string>{}) {}  // on the system's bus
  explicit FakeSystemd(const std::string& socket) : FakeSystemd(std::vector<std::string>{socket}) {}
  // A line of fake_systemd_main.cpp's, its words parted by blanks here.
  std::size_t tell(std::string order);  // how many calls came so far
  std::size_t calls() { return tell("calls"); }

 private:
  explicit FakeSystemd(const std::vector<std::string>& arguments);
  Child child_;
};

}  // namespace vitald::test
