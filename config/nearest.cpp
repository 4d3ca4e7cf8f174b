#include "config/nearest.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <vector>

namespace vitald::config {
namespace {

// Letters to insert, drop or change.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t k = 0; k < b.size(); ++k) {
      const auto changed = diagonal + (a[i] == b[k] ? 0 : 1);
      diagonal = row[k + 1];
      row[k + 1] = std::min({changed, row[k] + 1, diagonal + 1});
    }
  }
  return row.back();
}

std::size_t different_tail(std::string_view word, std::string_view flag) {
  const auto [at, _] = std::mismatch(word.begin(), word.end(), flag.begin(), flag.end());
  return static_cast<std::size_t>(word.end() - at);
}

class Nearest {
 public:
  explicit Nearest(std::string_view word)
      : word_(word.substr(0, longest)), best_{std::max<std::size_t>(2, word_.size() / 4) + 1, 0} {}

  void consider(std::string_view name) {
    const std::tuple rank{distance(word_, name), different_tail(word_, name)};
    if (rank < best_) best_ = rank, found = name;
  }
  std::string found;

 private:
  static constexpr std::size_t longest = 200;  // nobody types that; do not spend time on it
  std::string_view word_;
  std::tuple<std::size_t, std::size_t> best_;
};

}  // namespace

std::string nearest(std::string_view word, std::span<const Option> options) {
  Nearest nearest(word);
  for (const auto& option : options) {
    if (!option.was_for.empty()) continue;
    nearest.consider("--" + std::string(option.flag));
    if (option.kind == Option::Kind::boolean) nearest.consider("--no-" + std::string(option.flag));
  }
  return nearest.found;
}

std::string nearest_key(std::string_view word, std::span<const Option> options) {
  Nearest nearest(word);
  for (const auto& option : options) {
    if (!option.was_for.empty() || option.flag_only) continue;
    for (auto dot = option.flag.find('.'); dot != option.flag.npos; dot = option.flag.find('.', dot + 1))
      nearest.consider(option.flag.substr(0, dot));
    nearest.consider(option.flag);
    if (option.kind == Option::Kind::boolean) nearest.consider(std::string(option.flag) + ".enabled");
  }
  return nearest.found;
}

}  // namespace vitald::config
