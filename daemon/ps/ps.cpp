#include "daemon/ps/ps.hpp"

#include "daemon/diff/fetch.hpp"
#include "daemon/ps/arguments.hpp"
#include "daemon/ps/rows.hpp"

#include <sys/ioctl.h>
#include <sysexits.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

namespace vitald::ps {
namespace {

void print(std::string_view text, std::FILE* to = stdout) { std::fwrite(text.data(), 1, text.size(), to); }

int refuse(const std::string& why, int status) {
  print("vitald ps: " + why + "\n", stderr);
  return status;
}

// 0: nobody looks.
std::size_t terminal_width() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

std::string usual_socket() {
  constexpr const char* path = "/run/vitald/vitald.sock";
  return ::access(path, R_OK | W_OK) == 0 ? path : "";
}

int status_of(unsigned code) {
  if (code == 400) return EX_USAGE;
  return code == 401 || code == 403 ? EX_NOPERM : EX_UNAVAILABLE;
}

int show(const Arguments& arguments, const std::string& body) {
  if (arguments.form == Form::json) return print(body), EX_OK;
  const auto listing = read_listing(body, arguments.fields);
  if (!listing.fault.empty()) return refuse(arguments.url.shown + ": " + listing.fault, EX_UNAVAILABLE);
  if (arguments.form == Form::csv) return print(csv_of(listing)), EX_OK;
  print(table_of(listing, terminal_width(), arguments.usual_fields));
  if (listing.withheld && ::isatty(STDERR_FILENO) != 0)
    print("vitald ps: what is private is withheld: ask as root or in the group vitald, through the Unix socket\n",
          stderr);
  return EX_OK;
}

}  // namespace

int run(std::span<char* const> words) {
  const auto arguments = read_arguments(words, usual_socket());
  if (!arguments.fault.empty()) return refuse(arguments.fault + "; try vitald ps --help", EX_USAGE);
  if (arguments.help) return print(usage_text()), EX_OK;
  const auto fetched = diff::fetch(arguments.url, std::chrono::seconds(30));
  if (fetched.fault.empty()) return show(arguments, fetched.body);
  const auto detail = detail_of(fetched.body);
  return refuse(detail.empty() ? arguments.url.shown + ": " + fetched.fault : detail, status_of(fetched.status));
}

}  // namespace vitald::ps
