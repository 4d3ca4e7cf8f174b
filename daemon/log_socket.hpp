#pragma once
// The log to a daemon of the host's, by datagrams over a Unix socket: the journal or syslog.
#include "daemon/log_target.hpp"

namespace vitald {

constexpr const char* journal_socket = "/run/systemd/journal/socket";
constexpr const char* syslog_socket = "/dev/log";

// Fields of the journal's own: PRIORITY, MESSAGE (with the fields behind it, as people read it), and each field as
// VITALD_COLLECTOR and so on.
std::unique_ptr<LogTarget> log_to_journal(std::string path = journal_socket);

// As RFC 3164 has it, which is what all daemons at /dev/log understand; facility daemon.
std::unique_ptr<LogTarget> log_to_syslog(std::string path = syslog_socket);

// Whether descriptor 2 is the journal's stream, by JOURNAL_STREAM's "device:inode": systemd has started us.
bool stderr_is_the_journal(const char* journal_stream);

bool somebody_listens(const std::string& path);  // on a datagram socket there

}  // namespace vitald
