#include "http/body.hpp"

#include "http/word.hpp"

#include <charconv>

namespace vitald::http {
namespace {

constexpr std::size_t most_line = 512, most_extra = 8 * 1024, worth_giving_back = 16 * 1024;

bool printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c == '\t' || static_cast<unsigned char>(c) >= ' '; }) &&
         text.find('\x7f') == text.npos;
}

}  // namespace

void BodyParser::begin(const Head& head, std::size_t most) {
  content_.clear();
  most_ = most;
  extra_ = 0;
  fault_ = Status::ok;
  state_ = head.chunked ? State::chunk_size : State::counted;
  left_ = 0;
  if (head.chunked) return;
  if (head.length > most) return void(refuse(Status::content_too_large));
  left_ = static_cast<std::size_t>(head.length);
  if (left_ == 0) state_ = State::whole;
}

void BodyParser::forget() {
  content_.clear();
  if (content_.capacity() > worth_giving_back) content_.shrink_to_fit();
}

std::size_t BodyParser::take(std::string_view text) {
  const auto size = text.size();
  while (fault_ == Status::ok && !whole() && step(text)) continue;
  return size - text.size();
}

// False: there is more to come, or a fault.
bool BodyParser::step(std::string_view& text) {
  std::string_view line;
  switch (state_) {
    case State::counted:
    case State::chunk: return take_bytes(text);
    case State::chunk_end: return take_chunk_end(text);
    case State::chunk_size: return take_line(text, line) && take_chunk_size(line);
    case State::trailer: return take_line(text, line) && take_trailer(line);
    case State::whole: break;
  }
  return false;
}

bool BodyParser::take_bytes(std::string_view& text) {
  const auto some = text.substr(0, left_);
  content_ += some;
  text.remove_prefix(some.size());
  left_ -= some.size();
  if (left_ != 0) return false;
  state_ = state_ == State::chunk ? State::chunk_end : State::whole;
  return true;
}

bool BodyParser::take_chunk_end(std::string_view& text) {
  constexpr std::string_view end = "\r\n";
  const auto come = text.substr(0, end.size());
  if (!end.starts_with(come)) return refuse(Status::bad_request);
  if (come.size() < end.size()) return false;
  text.remove_prefix(end.size());
  state_ = State::chunk_size;
  return true;
}

// The whole line, without its CRLF; a CR or an LF alone ends none.
bool BodyParser::take_line(std::string_view& text, std::string_view& line) {
  const auto end = text.find('\n');
  const auto come = text.substr(0, end);
  if (come.size() > most_line) return refuse(Status::bad_request);
  if (end == text.npos) return false;
  if (!come.ends_with('\r') || !printable(come.substr(0, come.size() - 1))) return refuse(Status::bad_request);
  line = come.substr(0, come.size() - 1);
  text.remove_prefix(end + 1);
  return true;
}

// "1a" or "1a;name=value"; no sign, no blank, no 0x.
bool BodyParser::take_chunk_size(std::string_view line) {
  const auto digits = line.substr(0, line.find(';'));
  std::uint64_t size = 0;
  const auto* const end = digits.data() + digits.size();
  if (digits.empty() || digits.size() > 16 || std::from_chars(digits.data(), end, size, 16).ptr != end)
    return refuse(Status::bad_request);
  extra_ += line.size() - digits.size();
  if (extra_ > most_extra) return refuse(Status::bad_request);
  if (size > most_ - content_.size()) return refuse(Status::content_too_large);
  left_ = static_cast<std::size_t>(size);
  state_ = left_ == 0 ? State::trailer : State::chunk;
  return true;
}

bool BodyParser::take_trailer(std::string_view line) {
  if (line.empty()) {
    state_ = State::whole;
    return true;
  }
  extra_ += line.size();
  return (extra_ <= most_extra && is_token(line.substr(0, line.find(':'))) && line.find(':') != line.npos) ||
         refuse(Status::bad_request);
}

bool BodyParser::refuse(Status why) {
  fault_ = why;
  return false;
}

}  // namespace vitald::http
