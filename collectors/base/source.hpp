#pragma once
// What collectors share: a reading of a file at most once a generation, the kernel's events, and how many files may
// stay open.
//
// Threads: collectors on different readers may ask at once. A reading is lent to one of them at a time; while it is
// lent, or while its file hangs, the others are told Parse::late at once and nobody waits.
#include "collectors/base/descriptors.hpp"
#include "collectors/base/kernel_file.hpp"
#include "collectors/base/link.hpp"
#include "collectors/base/uevents.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace vitald {

// What is read by a Reader: its `read` gives a Result of what is lent, its `path` says where from.
template <class Reader>
class Shared {
 public:
  using View = typename decltype(std::declval<Reader&>().read())::value_type;

  template <class... Arguments>
  explicit Shared(const std::atomic<std::uint64_t>& generation, Arguments&&... of_reader)
      : reader_(std::forward<Arguments>(of_reader)...), now_(generation) {}

  // What was read, lent until this is destroyed.
  class Loan {
   public:
    Loan(View view, std::atomic_flag& busy) : view_(view), busy_(&busy) {}
    Loan(Loan&& from) noexcept : view_(from.view_), busy_(std::exchange(from.busy_, nullptr)) {}
    Loan& operator=(Loan&&) = delete;
    ~Loan() {
      if (busy_) busy_->clear(std::memory_order_release);
    }
    View operator*() const { return view_; }

   private:
    View view_;
    std::atomic_flag* busy_;
  };

  Result<Loan> read() {
    if (busy_.test_and_set(std::memory_order_acquire)) return Fault{Parse::late, reader_.path()};
    const auto now = now_.load(std::memory_order_relaxed);
    if (std::exchange(read_in_, now) != now) last_ = reader_.read();
    if (last_) return Loan(*last_, busy_);
    const auto fault = last_.error();
    busy_.clear(std::memory_order_release);
    return fault;
  }
  std::string_view path() const { return reader_.path(); }
  bool live() const { return reader_.live(); }  // while it is lent: see KernelFile

 private:
  Reader reader_;
  const std::atomic<std::uint64_t>& now_;
  std::uint64_t read_in_ = 0;
  Result<View> last_ = Fault{Parse::no_data, {}};
  std::atomic_flag busy_;
};

using SharedFile = Shared<KernelFile>;
using SharedLinks = Shared<netlink::Links>;

class Sources {
 public:
  // Asked for by collectors' constructors only; the file is good as long as the Sources.
  SharedFile& file(const std::string& path, KernelFile::Holds holds = KernelFile::Holds::table) {
    auto& made = files_[path];
    if (!made) made = std::make_unique<SharedFile>(generation_, path, holds);
    return *made;
  }
  // All network interfaces; asked for by constructors only, too.
  SharedLinks& links() {
    if (!links_) links_ = std::make_unique<SharedLinks>(generation_);
    return *links_;
  }
  Uevents& uevents() { return uevents_; }
  Descriptors& descriptors() { return descriptors_; }
  // A new generation: what was read before is read anew. Called by the loop before it hands out work.
  void next_generation() { generation_.fetch_add(1, std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> generation_{1};
  std::map<std::string, std::unique_ptr<SharedFile>> files_;
  std::unique_ptr<SharedLinks> links_;
  Uevents uevents_{generation_};
  Descriptors descriptors_;
};

}  // namespace vitald
