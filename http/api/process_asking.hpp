#pragma once
// How handlers ask about processes: with two readings where rates over a time are wanted.
#include "http/api.hpp"
#include "http/api/process_query.hpp"
#include "http/processes.hpp"

namespace vitald::http {

// `work` is done off the loop, after query.over if that is given; the wish is for all that the query needs.
using ProcessWork = std::function<Reply(ProcessSource&, const SampleWish&)>;
Plan asking(const Context& context, const std::shared_ptr<const ProcessQuery>& query, ProcessWork work,
            Processes::Desk desk = Processes::Desk::listings);

Reply cannot_read(const Fault& fault);

}  // namespace vitald::http
