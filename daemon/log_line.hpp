#pragma once
// One line of the log as text.
#include "collectors/base/out.hpp"
#include "daemon/log_record.hpp"

namespace vitald {

// 2026-11-23T15:04:05.123Z; UTC, whatever the time zone.
void write_time(Out& out, std::chrono::system_clock::time_point time);

// A value of logfmt, in quotes where it must be. What is not printable, or not UTF-8, is escaped: a line stays a line.
void write_logfmt(Out& out, std::string_view value);

// key=value, or "key":value
void write_field(Out& out, config::LogFormat format, std::string_view key, std::string_view value);

// The whole line, with its end.
void write_line(Out& out, config::LogFormat format, const LogRecord& record);

// The message and its fields, for who has time and level apart: cannot listen address=:9100
void write_message(Out& out, const LogRecord& record);

}  // namespace vitald
