#pragma once
// vitald health [WHERE]: asks a running daemon whether it lives, for a container's health check.
#include <chrono>
#include <span>
#include <string>
#include <string_view>

namespace vitald {

// Whom to ask, and for what.
struct HealthQuestion {
  std::string host = "127.0.0.1", port = "9100";  // a host of TCP, unless a Unix socket is given
  std::string socket;
  std::string path = "/-/healthy";
};

// Empty, or what is wrong: http://HOST[:PORT][/PATH] or unix:/SOCKET. Without a path it is /-/healthy.
std::string read_health_question(std::string_view where, HealthQuestion& out);

// Empty when it answers 200 in time, else what is wrong.
std::string ask_health(const HealthQuestion& question, std::chrono::milliseconds patience);

// The command: 0 or 1, as container engines understand it; 64 for a wrong command line.
int run_health(std::span<char* const> arguments);

}  // namespace vitald
