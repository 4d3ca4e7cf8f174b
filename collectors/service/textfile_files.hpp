#pragma once
// The text files that there are, each read again only when it is another than before.
#include "collectors/base/local_way.hpp"
#include "collectors/service/textfile_patterns.hpp"
#include "collectors/service/textfile_piece.hpp"

#include <chrono>

namespace vitald::service {

constexpr std::chrono::milliseconds patience{500};         // with folders that may hang
constexpr std::size_t most_bytes = std::size_t{32} << 20;  // of all files that are shown

struct TextFile {
  std::string path, label;  // as the kernel is asked, and as it is told of
  FileStamp stamp;          // of what was read last
  bool is_folder = false;   // it stands for one that could not be listed
  bool again = false;       // listed for the second time: nobody looks at it
  bool settled = false;     // if it changes from now on, then so does its stamp
  State state = State::ok;
  int error = 0;       // of listing or reading it
  std::string reason;  // why it is not shown; empty: it is
  std::shared_ptr<const Piece> piece;
  std::size_t failed = 0;      // hash of a text that was not understood; 0: none
  std::string left_out, told;  // for the collector: what of it is not shown, and what the log knows
};

class TextFiles {
 public:
  TextFiles(std::vector<Pattern> patterns, Probe& probe) : patterns_(std::move(patterns)), probe_(probe) {}
  // Looks at them all. True when there are other pieces than before. `now`: nanoseconds of Unix time.
  bool look(std::int64_t now);
  std::span<TextFile> all() { return files_; }

 private:
  struct Listed {
    const Pattern* pattern;
    ListedFile file;
  };

  void list();
  void list_by_probe();
  void take_records();
  bool arrange();
  bool find_stale();
  bool read_stale(std::int64_t now);
  bool read_by_probe(std::int64_t now);
  bool take_text(TextFile& file, std::string& text, std::int64_t now);
  bool fail(TextFile& file, int error);
  bool fail(TextFile& file, State state, std::string_view reason);

  std::vector<Pattern> patterns_;
  Probe& probe_;
  LocalWay way_;
  UserFiles lister_;
  metrics_text::Document document_{std::size_t{1} << 18};
  std::vector<Listed> listed_;  // as files_
  std::vector<TextFile> files_;
  std::vector<std::size_t> stale_;
  std::vector<Probe::Question> questions_;
  std::vector<std::string> texts_;
};

}  // namespace vitald::service
