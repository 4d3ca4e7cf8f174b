#include "tests/support/generated_files.hpp"

#include "daemon/switches.hpp"

namespace vitald::test {

std::vector<GeneratedFile> generated_files() {
  const auto collectors = switches();
  const config::Vocabulary vocabulary(collectors);
  const auto options = vocabulary.options();
  return {{"config/vitald.yaml", default_file(options)},
          {"docs/vitald.8", manual(options)},
          {"config/completions/vitald.bash", bash_completion(options)},
          {"config/completions/_vitald", zsh_completion(options)},
          {"config/completions/vitald.fish", fish_completion(options)}};
}

}  // namespace vitald::test
