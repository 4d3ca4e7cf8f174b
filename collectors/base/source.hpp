#pragma once
// What collectors share: a reading of a file at most once a generation, the kernel's events, and how many files may
// stay open.
//
// Threads: collectors on different readers may ask at once. A reading is lent to one of them at a time; while it is
// lent, or while its file hangs, the others are told Parse::late at once and nobody waits.
#include "collectors/base/descriptors.hpp"
#include "collectors/base/kernel_file.hpp"
#include "collectors/base/uevents.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <string>

namespace vitald {

class SharedFile {
 public:
  SharedFile(std::string path, const std::atomic<std::uint64_t>& generation)
      : file_(std::move(path)), now_(generation) {}

  // The text, lent until this is destroyed.
  class Loan {
   public:
    Loan(std::string_view text, std::atomic_flag& busy) : text_(text), busy_(&busy) {}
    Loan(Loan&& from) noexcept : text_(from.text_), busy_(std::exchange(from.busy_, nullptr)) {}
    Loan& operator=(Loan&&) = delete;
    ~Loan() {
      if (busy_) busy_->clear(std::memory_order_release);
    }
    std::string_view operator*() const { return text_; }

   private:
    std::string_view text_;
    std::atomic_flag* busy_;
  };

  Result<Loan> read() {
    if (busy_.test_and_set(std::memory_order_acquire)) return Fault{Parse::late, file_.path()};
    const auto now = now_.load(std::memory_order_relaxed);
    if (std::exchange(read_in_, now) != now) last_ = file_.read();
    if (last_) return Loan(*last_, busy_);
    const auto fault = last_.error();
    busy_.clear(std::memory_order_release);
    return fault;
  }
  const std::string& path() const { return file_.path(); }

 private:
  KernelFile file_;
  const std::atomic<std::uint64_t>& now_;
  std::uint64_t read_in_ = 0;
  Result<std::string_view> last_ = Fault{Parse::no_data, {}};
  std::atomic_flag busy_;
};

class Sources {
 public:
  // Asked for by collectors' constructors only; the file is good as long as the Sources.
  SharedFile& file(const std::string& path) {
    auto& made = files_[path];
    if (!made) made = std::make_unique<SharedFile>(path, generation_);
    return *made;
  }
  Uevents& uevents() { return uevents_; }
  Descriptors& descriptors() { return descriptors_; }
  // A new generation: what was read before is read anew. Called by the loop before it hands out work.
  void next_generation() { generation_.fetch_add(1, std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> generation_{1};
  std::map<std::string, std::unique_ptr<SharedFile>> files_;
  Uevents uevents_{generation_};
  Descriptors descriptors_;
};

}  // namespace vitald
