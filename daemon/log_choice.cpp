#include "daemon/log_choice.hpp"

#include "daemon/log_file.hpp"
#include "daemon/log_socket.hpp"

#include <unistd.h>

#include <cstdlib>

namespace vitald {
namespace {

config::LogTo choice(const config::ProcessSettings& settings, bool systemd) {
  using enum config::LogTo;
  if (settings.log_to != chosen) return settings.log_to;
  if (systemd) return journal;
  return settings.daemon ? syslog : standard_error;
}

Refused open_file(const std::string& path, const Account* owner, Log& log, Log::Format format) {
  const bool was_there = ::access(path.c_str(), F_OK) == 0;
  auto file = log_to_file(path, format);
  if (!file) return refusal_of(file.error().code.value(), EX_CANTCREAT, "cannot open the log", "file", path);
  if (owner && !was_there && ::lchown(path.c_str(), owner->user, owner->group) != 0)
    return refusal_of(errno, EX_CANTCREAT, "cannot give the log to the user", "file", path);
  log.move_to(std::move(*file));
  return {};
}

void open_socket(bool journal, Log& log) {
  const std::string path = journal ? journal_socket : syslog_socket;
  log.move_to(journal ? log_to_journal(path) : log_to_syslog(path));
  if (!somebody_listens(path)) log.warn("nobody takes the log: it is lost until somebody does", {{"socket", path}});
}

}  // namespace

Refused open_log(const config::ProcessSettings& settings, const Account* owner, Log& log, Log::Format format) {
  if (!settings.log_file.empty()) return open_file(settings.log_file, owner, log, format);
  const bool systemd = stderr_is_the_journal(std::getenv("JOURNAL_STREAM"));
  const auto to = choice(settings, systemd);
  if (to == config::LogTo::standard_error) return {};
  open_socket(to == config::LogTo::journal, log);
  if (systemd && to == config::LogTo::journal) log.started();  // else each line would be there twice
  return {};
}

}  // namespace vitald
