// A connection's first half: a request comes.
#include "http/server.hpp"
#include "http/work.hpp"

namespace vitald::http {
namespace {

Request request_of(const Head& head, const Peer& peer) {
  Request made;
  made.method = head.method;
  made.path = head.path;
  made.query = head.query;
  made.accept = head.accept;
  made.accept_encoding = head.accept_encoding;
  made.scrape_timeout = head.scrape_timeout;
  made.content_type = head.content_type;
  made.last_event_id = head.last_event_id;
  made.uid = peer.uid;
  return made;
}

}  // namespace

bool Session::read() {
  if (!work_) work_ = server_.lend_work();
  auto& input = work_->input;
  for (;;) {
    if (!input.unread().empty()) {
      const auto end = find_head_end(input.unread(), work_->seen, server_.limits_.text);
      if (end.refusal != Status::ok) return refuse_malformed(end.refusal);
      if (end.size != 0) return take_head(end.size);
    }
    const auto moved = stream_.read(input.room());
    if (moved.now != Moved::Now::done) return wait_for_head(moved.now);
    input.came(moved.bytes);
  }
}

// Who waits with nothing said keeps nothing.
bool Session::wait_for_head(Moved::Now what) {
  if (work_->input.unread().empty()) {
    server_.take_back(std::move(work_));
  } else if (standing.phase == Phase::idle) {
    enter(Phase::head);
  }
  return wait(what);
}

bool Session::take_head(std::size_t size) {
  auto& work = *work_;
  const auto text = work.input.unread().substr(0, size);
  if (const auto status = read_head(text, work.head); status != Status::ok) return refuse_malformed(status);
  if (work.head.has_body()) keep_head(text);
  work.began = std::chrono::steady_clock::now();
  work.seen = 0;
  work.input.used(size);  // the text stays where it is until more is read
  work.request = request_of(work.head, peer_);
  keep_ = !work.head.close && !work.head.http_1_0 && !work.head.has_body();
  if (work.head.path.find('%') != work.head.path.npos) {
    auto path = decoded(work.head.path, false);
    if (!path) return send(error(work.head.path, Status::bad_request, "the path holds a broken percent escape"));
    work.path = std::move(*path);
    work.request.path = work.path;
  }
  return admit();
}

// Reading the body moves what has come.
void Session::keep_head(std::string_view text) {
  work_->head_text = text;
  read_head(work_->head_text, work_->head);
}

bool Session::refuse_malformed(Status status) {
  const bool long_one = status == Status::uri_too_long || status == Status::header_fields_too_large;
  server_.traffic_.refused(long_one ? Refusal::too_large : Refusal::malformed);
  keep_ = false;
  work_->began = std::chrono::steady_clock::now();
  work_->request = {};
  server_.context_.own->answered("other", status);
  return send(error(guessed_path(work_->input.unread()), status, reason_of(status)));
}

}  // namespace vitald::http
