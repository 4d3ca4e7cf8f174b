#include "http/api/traffic_rows.hpp"

namespace vitald::http {
namespace {

using Total = TrafficRows::Total;
using Refused = TrafficRows::Refused;

constexpr Column total_columns[] = {
    counter<&Total::accepted>("http_connections_accepted_total", "Connections that were accepted."),
    counter<&Total::sent_bytes>("http_sent_bytes_total", "Bytes of replies that sockets have taken."),
    counter<&Total::request_seconds>("http_request_seconds_total",
                                     "Time from a request's whole head to the last byte of its reply."),
};
constexpr Key refused_keys[] = {key<&Refused::reason>("reason")};
constexpr Column refused_columns[] = {
    counter<&Refused::count>("http_refused_total", "Requests refused, and connections ended before their time."),
};
constinit const Table<Total> total_table{{"http", "the daemon", {}, total_columns, nullptr, "vitald_"}};
constinit const Table<Refused> refused_table{
    {"http_refused", "the daemon", refused_keys, refused_columns, nullptr, "vitald_"}};

}  // namespace

TrafficRows::TrafficRows() : totals_(total_table), refused_(refused_table) {}

void TrafficRows::fill(const Traffic& traffic) {
  totals_.rewind();
  refused_.rewind();
  totals_.next() = {traffic.accepted, traffic.sent_bytes, traffic.request_seconds};
  for (std::size_t i = 0; i < refusal_names.size(); ++i) {
    auto& row = refused_.next();
    row.reason = refusal_names[i];
    row.count = traffic.refusals[i];
  }
}

std::array<const Layout*, 2> traffic_layouts() { return {&total_table, &refused_table}; }

}  // namespace vitald::http
