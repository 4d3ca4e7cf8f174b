// Reading of the text files that have changed, and what is told of those that cannot be read.
#include "collectors/service/textfile_files.hpp"

#include <algorithm>

namespace vitald::service {
namespace {

constexpr std::size_t most_kept = std::size_t{1} << 20;  // of a buffer

class ToString final : public FileSink {
 public:
  explicit ToString(std::string& out) : out_(out) { out_.clear(); }
  bool take(std::string_view bytes) override { return out_.append(bytes), true; }

 private:
  std::string& out_;
};

// A file system that counts in seconds cannot tell two changes within one; others count by the kernel's tick.
bool is_settled(const FileStamp& stamp, std::int64_t now) {
  constexpr std::int64_t second = 1'000'000'000;
  const auto last = std::max(stamp.changed_ns, stamp.modified_ns);
  return now - last > (last % second == 0 ? 2 * second : second / 50);
}

std::string reason_of(int error, bool is_folder) {
  switch (error) {
    case ENODEV: return "it is not a plain file";
    case EFBIG: return "it is larger than 16 MiB";
    case E2BIG: return "it has more files than are read";
    case ETIMEDOUT: return "no answer in time";
    case ENOENT: return is_folder ? "there is no such folder" : "it is not there";
    default: return system_fault({}, error).code.message();
  }
}

State state_of_error(int error) { return error == ENODEV ? State::parse : state_of(system_fault({}, error)); }

}  // namespace

bool TextFiles::read_stale(std::int64_t now) {
  bool others = read_by_probe(now);
  if (texts_.empty()) texts_.emplace_back();
  for (const auto i : stale_) {
    if (!listed_[i].pattern->direct) continue;
    auto& file = files_[i];
    ToString sink(texts_.front());
    FileStamp stamp;
    const int error = read_user_file(file.path.c_str(), Links::refuse, stamp, sink);
    file.stamp = stamp;
    others |= error != 0 ? fail(file, error) : take_text(file, texts_.front(), now);
  }
  return others;
}

bool TextFiles::read_by_probe(std::int64_t now) {
  questions_.clear();
  if (texts_.size() < stale_.size()) texts_.resize(stale_.size());
  for (const auto i : stale_)
    if (!listed_[i].pattern->direct)
      questions_.push_back({files_[i].path, 0, {}, Probe::Wants::text, &texts_[questions_.size()]});
  if (questions_.empty()) return false;
  probe_.ask(questions_, patience);
  bool others = false;
  auto question = questions_.begin();
  for (const auto i : stale_) {
    if (listed_[i].pattern->direct) continue;
    auto& file = files_[i];
    file.stamp = question->stamp;
    others |= question->error != 0 ? fail(file, question->error) : take_text(file, *question->bytes, now);
    ++question;
  }
  return others;
}

// True when the file's piece is another one now.
bool TextFiles::take_text(TextFile& file, std::string& text, std::int64_t now) {
  file.settled = is_settled(file.stamp, now);
  const auto hash = std::hash<std::string_view>()(text);
  if (file.piece ? file.piece->text == text : file.failed == hash && file.failed != 0) return false;
  auto piece = std::make_shared<Piece>();
  piece->text = text;
  if (text.size() > most_kept) std::string().swap(text);
  const auto done = make_piece(document_, *piece);
  if (piece->text.size() > most_kept) document_.give_back();
  if (!done) {
    const auto line = done.error().line == 0 ? "" : "line " + std::to_string(done.error().line) + ": ";
    const bool settled = file.settled;
    const bool was_shown = fail(file, State::parse, line + done.error().code.message());
    file.settled = settled;
    file.failed = hash;
    return was_shown;
  }
  file.piece = std::move(piece);
  file.state = State::ok;
  file.error = 0;
  file.reason.clear();
  return true;
}

bool TextFiles::fail(TextFile& file, int error) {
  if (error == file.error && !file.reason.empty()) return false;
  const bool was_shown = fail(file, state_of_error(error), reason_of(error, file.is_folder));
  file.error = error;
  return was_shown;
}

// It is read anew as soon as that can be.
bool TextFiles::fail(TextFile& file, State state, std::string_view reason) {
  const bool was_shown = file.piece != nullptr;
  file.piece.reset();
  file.settled = false;
  file.error = 0;
  file.failed = 0;
  file.state = state;
  file.reason = reason;
  return was_shown;
}

}  // namespace vitald::service
