#pragma once
// What of the manual page is written by hand: before the options, and behind them.
#include <string_view>

namespace vitald::test {

inline constexpr std::string_view manual_beginning = R"(.ad l
.SH NAME
vitald \- show the state of this machine to Prometheus and over HTTP
.SH SYNOPSIS
.SY vitald
.RB [ \-\-\fIFLAG\fP [ =\fIVALUE\fP ]]\ \&.\|.\|.
.SY vitald\ check
.RB [ \-\-json ]
.RB [ \-\-\fIFLAG\fP [ =\fIVALUE\fP ]]\ \&.\|.\|.
.SY vitald\ health
.RI [ URL ]
.SY vitald\ diff
.RI [ FLAGS ]\  URL \ \&.\|.\|.
.YS
.SH DESCRIPTION
.B vitald
reads what the kernel tells of processors, memory, disks, file systems, networks and sensors when somebody asks for it, and
shows it with the names, labels and values of Prometheus's node_exporter, whose place it takes: same port, same flags, same
metrics.
A collector that fails or hangs is left out of the answer, which says so; the others answer.
While nobody asks, nothing is read.
.PP
Pages:
.I /metrics
(every metric),
.I /
(links),
.I /\-/healthy
and
.I /\-/ready
(for supervisors),
.I /api/v1/collectors
and
.I /api/v1/metadata
(JSON).
.PP
.B vitald check
says as whom it runs, how each collector does, and what a collector lacks: a capability, a kernel option, hardware; with the
lines of a systemd unit that would give it.
It takes the same flags and ends with status 0, or 1 when something is lost.
.PP
.B vitald health
asks a running daemon, at
.I http://127.0.0.1:9100/\-/healthy
unless told otherwise
.RI ( http:// HOST : PORT / PATH
or
.IR unix:/ SOCKET ),
and ends with status 0 when it answers 200 within 3 s, else with 1.
.PP
.B vitald ps
shows processes as a running daemon tells of them, as a table, JSON or CSV; see
.BR "vitald ps \-\-help" .
.PP
.B vitald watch
follows a directory, as a running daemon tells what happens in it; see
.BR "vitald watch \-\-help" .
.PP
.B vitald diff
compares the page with a running exporter's and tells what dashboards and alerts would lose; see
.BR "vitald diff \-\-help" .
.SH OPTIONS
A flag's value follows an equals sign or is the next word; it may be empty.
A switch takes no value and has a form
.BR \-\-no\-\& .\|.\|.
that switches it off.
Only flags that say so may be given more than once.
A word
.BI @ FILE
stands for the flags in that file, one a line.
Defaults stand in brackets.
)";

inline constexpr std::string_view manual_rest = R"(.SH CONFIGURATION
Each option but those that ask for something at once can stand in a YAML file, too.
A key is the flag's name without its dashes, and each of its dots may begin a map instead:
.PP
.in +4n
.EX
web:
  listen\-address: [\(aq:9100\(aq, \(aq[::1]:9200\(aq]
collector:
  wifi: true
  filesystem: {enabled: true, mount\-points\-exclude: \(ha/mnt/}
log.level: debug
.EE
.in
.PP
Switches are
.B true
or
.BR false ,
options that may be repeated are lists.
What is set comes from the defaults, then from the file named by
.BR \-\-config.file ,
then from
.I conf.d/*.yaml
in its folder in the order of their names, then from the command line; the later goes before the earlier, and a list is
replaced, not added to.
Without
.B \-\-config.file
no file is read.
Unknown keys, keys that stand twice, values of the wrong kind and settings that exclude each other are faults, all of them are
told with file and line, and the daemon does not start.
.SH FILES
.TP
.I /etc/vitald/vitald.yaml
Where the service looks for its configuration; as it comes, everything in it is commented out.
.TP
.I /etc/vitald/conf.d/*.yaml
Further files, which go before that one.
.TP
.I /var/lib/prometheus/node\-exporter/*.prom
Metrics of other programs, unless
.B \-\-collector.textfile.directory
names another folder.
.SH SIGNALS
.TP
.BR SIGTERM ,\  SIGINT
End in order: no new connections, answers in progress are finished within
.BR \-\-drain\-timeout ,
status 0.
A second one ends at once.
.TP
.B SIGHUP
Load the configuration anew: where it has a fault, that is logged and the old one goes on; what counts after a restart only
is named.
.TP
.B SIGUSR1
Open the log file anew.
.TP
.B SIGUSR2
Write the daemon\(aqs state to the log.
.SH EXIT STATUS
.TP
.B 0
It was told to end, or has shown what was asked for.
.TP
.B 1
.B vitald check
or
.B vitald diff
has found a loss, or
.B vitald health
no healthy daemon.
.TP
.B 64
The command line is wrong.
.TP
.B 69
An address is taken or is not this machine's, or another daemon holds the pid file.
.TP
.B 70
A fault of the program itself.
.TP
.B 71
The system refused something else.
.TP
.B 73
The pid file or the log cannot be written.
.TP
.B 77
Not allowed: a low port, a file, another user.
.TP
.B 78
The configuration is wrong.
.SH EXAMPLES
.EX
vitald \-\-web.listen\-address=127.0.0.1:9100 \-\-no\-collector.zfs
vitald \-\-config.file=/etc/vitald/vitald.yaml \-\-check\-config
vitald \-\-config.file=/etc/vitald/vitald.yaml \-\-print\-config
vitald check \-\-config.file=/etc/vitald/vitald.yaml
vitald diff http://localhost:9200 http://localhost:9100
.EE
.SH SEE ALSO
.BR prometheus\-node\-exporter (1),
.BR systemd.service (5),
.BR proc (5)
)";

}  // namespace vitald::test
