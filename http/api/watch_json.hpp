#pragma once
// Watches and their events as JSON.
#include "http/watches.hpp"

namespace vitald::http {

void write_watch(Out& out, const Watches::Item& item);
// `id_of` is what stands before its number in the event's id.
void write_watch_event(Out& out, const watch::Event& event, std::string_view id_of);
// "path":"…", and "path_b64" where it is no UTF-8.
void write_watch_path(Out& out, std::string_view key, std::string_view path);

}  // namespace vitald::http
