#include "collectors/process/group_tables.hpp"

namespace vitald::process {
namespace {

constexpr Key group_key[] = {key<&GroupRow::group>("groupname")};
constexpr std::string_view
    cpu = "CPU time of the group's processes, also of those that ended.",
    switches = "Context switches of the group's threads.",
    memory = "Memory of the group's processes; what they share counts for each but in the proportional ones.",
    states = "Threads of the group by state.";

constexpr Column group_columns[] = {
    gauge<&GroupRow::processes>("namegroup_num_procs", "Processes that are in the group now.", {}, "processes"),
    counter<&GroupRow::cpu_system>("namegroup_cpu_seconds_total", cpu, {"mode", "system"}, "cpu_system_seconds"),
    counter<&GroupRow::cpu_user>("namegroup_cpu_seconds_total", cpu, {"mode", "user"}, "cpu_user_seconds"),
    counter<&GroupRow::read_bytes>("namegroup_read_bytes_total", "Bytes read from storage.", {}, "read_bytes"),
    counter<&GroupRow::write_bytes>("namegroup_write_bytes_total", "Bytes written to storage.", {}, "write_bytes"),
    counter<&GroupRow::major_faults>("namegroup_major_page_faults_total", "Page faults that needed I/O.", {},
                                     "major_page_faults"),
    counter<&GroupRow::minor_faults>("namegroup_minor_page_faults_total", "Page faults that needed no I/O.", {},
                                     "minor_page_faults"),
    counter<&GroupRow::involuntary>("namegroup_context_switches_total", switches, {"ctxswitchtype", "nonvoluntary"},
                                    "nonvoluntary_context_switches"),
    counter<&GroupRow::voluntary>("namegroup_context_switches_total", switches, {"ctxswitchtype", "voluntary"},
                                  "voluntary_context_switches"),
    gauge<&GroupRow::resident>("namegroup_memory_bytes", memory, {"memtype", "resident"}, "resident_bytes"),
    gauge<&GroupRow::virtual_size>("namegroup_memory_bytes", memory, {"memtype", "virtual"}, "virtual_bytes"),
    gauge<&GroupRow::swapped>("namegroup_memory_bytes", memory, {"memtype", "swapped"}, "swapped_bytes"),
    gauge<&GroupRow::proportional>("namegroup_memory_bytes", memory, {"memtype", "proportionalResident"},
                                   "proportional_resident_bytes"),
    gauge<&GroupRow::proportional_swapped>("namegroup_memory_bytes", memory, {"memtype", "proportionalSwapped"},
                                           "proportional_swapped_bytes"),
    gauge<&GroupRow::open_files>("namegroup_open_filedesc", "Open file descriptors.", {}, "open_file_descriptors"),
    gauge<&GroupRow::worst_ratio>("namegroup_worst_fd_ratio",
                                  "Open file descriptors by their soft limit, of the process where that is highest.",
                                  {}, "worst_file_descriptor_ratio"),
    gauge<&GroupRow::oldest_start>("namegroup_oldest_start_time_seconds",
                                   "When the group's oldest process was started, in Unix time.", {},
                                   "oldest_start_time_seconds"),
    gauge<&GroupRow::threads>("namegroup_num_threads", "Threads of the group's processes.", {}, "threads"),
    gauge<&GroupRow::running>("namegroup_states", states, {"state", "Running"}, "running"),
    gauge<&GroupRow::sleeping>("namegroup_states", states, {"state", "Sleeping"}, "sleeping"),
    gauge<&GroupRow::waiting>("namegroup_states", states, {"state", "Waiting"}, "waiting"),
    gauge<&GroupRow::zombie>("namegroup_states", states, {"state", "Zombie"}, "zombie"),
    gauge<&GroupRow::other>("namegroup_states", states, {"state", "Other"}, "other"),
};

constexpr Key thread_keys[] = {key<&ThreadsRow::group>("groupname"), key<&ThreadsRow::thread>("threadname")};
constexpr std::string_view thread_cpu = "CPU time of the threads of that name.",
                           thread_io = "Bytes that the threads of that name read from and wrote to storage.",
                           thread_switches = "Context switches of the threads of that name.";
constexpr Column thread_columns[] = {
    gauge<&ThreadsRow::count>("namegroup_thread_count", "Threads of that name, of processes with more than one thread.",
                              {}, "threads"),
    counter<&ThreadsRow::cpu_system>("namegroup_thread_cpu_seconds_total", thread_cpu, {"mode", "system"},
                                     "cpu_system_seconds"),
    counter<&ThreadsRow::cpu_user>("namegroup_thread_cpu_seconds_total", thread_cpu, {"mode", "user"},
                                   "cpu_user_seconds"),
    counter<&ThreadsRow::read_bytes>("namegroup_thread_io_bytes_total", thread_io, {"iomode", "read"}, "read_bytes"),
    counter<&ThreadsRow::write_bytes>("namegroup_thread_io_bytes_total", thread_io, {"iomode", "write"}, "write_bytes"),
    counter<&ThreadsRow::major_faults>("namegroup_thread_major_page_faults_total", "Page faults that needed I/O.", {},
                                       "major_page_faults"),
    counter<&ThreadsRow::minor_faults>("namegroup_thread_minor_page_faults_total", "Page faults that needed no I/O.",
                                       {}, "minor_page_faults"),
    counter<&ThreadsRow::involuntary>("namegroup_thread_context_switches_total", thread_switches,
                                      {"ctxswitchtype", "nonvoluntary"}, "nonvoluntary_context_switches"),
    counter<&ThreadsRow::voluntary>("namegroup_thread_context_switches_total", thread_switches,
                                    {"ctxswitchtype", "voluntary"}, "voluntary_context_switches"),
};

constexpr Key wait_keys[] = {key<&WaitRow::group>("groupname"), key<&WaitRow::place>("wchan")};
constexpr Column wait_columns[] = {gauge<&WaitRow::threads>(
    "namegroup_threads_wchan", "Threads that wait in that function of the kernel.", {}, "threads")};

constexpr Column reading_columns[] = {
    counter<&ReadingRow::errors>(peer_name("scrape_errors"), "Readings of all processes that failed."),
    counter<&ReadingRow::unread>(peer_name("scrape_procread_errors"), "Processes that could not be read."),
    counter<&ReadingRow::parts>(peer_name("scrape_partial_errors"),
                                "Parts of a process (I/O, memory) that could not be read, mostly for want of rights."),
};

constexpr Column limit_columns[] = {
    gauge<&LimitRow::groups>("process_groups", "Groups of processes that are shown."),
    counter<&LimitRow::over_limit>(
        "process_groups_over_limit_total",
        "Processes that went to the group \"other\" because there were --process.max-groups groups."),
};

constexpr std::string_view name_space = "namedprocess_";
constexpr std::string_view source = "/proc/PID/*";

}  // namespace

constinit const Table<GroupRow> groups_table{{"process_groups", source, group_key, group_columns, nullptr, name_space}};
constinit const Table<ThreadsRow> group_threads_table{
    {"process_group_threads", "/proc/PID/task/*/*", thread_keys, thread_columns, nullptr, name_space}};
constinit const Table<WaitRow> group_waits_table{
    {"process_group_waits", "/proc/PID/task/*/wchan", wait_keys, wait_columns, nullptr, name_space}};
constinit const Table<ReadingRow> group_reading_table{
    {"process_groups_reading", source, {}, reading_columns, nullptr, name_space}};
constinit const Table<LimitRow> group_limit_table{
    {"process_groups_limit", source, {}, limit_columns, nullptr, "vitald_"}};

}  // namespace vitald::process
