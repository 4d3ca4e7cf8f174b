#pragma once
// A listing of a sample: chosen, sorted, cut into pages. Pure functions, done off the loop.
#include "http/api/process_query.hpp"

namespace vitald::http {

// The rows that the filters let through, in the order that is asked for.
std::vector<const ProcessRow*> chosen_rows(const ProcessQuery& query, const ProcessSample& sample);

struct Listed {
  Reply reply;
  bool more = false;  // another page can be asked for, of this sample
};
Listed list_processes(const ProcessQuery& query, const ProcessSample& sample, std::string_view path);
// Sums over all that have the same name, user or cgroup.
Listed list_groups(const ProcessQuery& query, const ProcessSample& sample, std::string_view path);

// Rows as they are, without pages.
Reply all_of(const std::vector<const ProcessRow*>& rows, const ProcessQuery& query, const ProcessSample& sample);

// ,"meta":{…}}: what is told of a listing as a whole.
struct PageOf {
  std::size_t total = 0, from = 0, returned = 0;
};
// The cursor of the next page; empty: this is the last.
std::string write_meta(Out& out, const ProcessQuery& query, const ProcessSample& sample, const PageOf& page);

}  // namespace vitald::http
