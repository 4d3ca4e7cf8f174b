#include "daemon/exporter_words.hpp"

#include <doctest/doctest.h>

namespace exporter_words_test {

using namespace vitald;

namespace {

ExporterWords translated(std::vector<std::string> words) {
  words.insert(words.begin(), "process-exporter");
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  return exporter_words(argv);
}

// Without those that are always there.
std::string all_of(std::vector<std::string> words) {
  const auto out = translated(std::move(words));
  if (!out.fault.empty()) return "fault: " + out.fault;
  std::string all;
  for (std::size_t i = 3; i < out.words.size(); ++i) all += (all.empty() ? "" : " ") + out.words[i];
  return all;
}

}  // namespace

TEST_SUITE("daemon/exporter_words") {
  TEST_CASE("by which names it is process-exporter") {
    CHECK(is_process_exporter("process-exporter"));
    CHECK(is_process_exporter("/usr/bin/prometheus-process-exporter"));
    for (const char* other : {"", "vitald", "/process-exporter/vitald", "process-exporter2"})
      CHECK_FALSE(is_process_exporter(other));
  }

  TEST_CASE("its flags are ours, in either spelling of Go's") {
    const auto bare = translated({});
    CHECK(bare.words == std::vector<std::string>{"process-exporter", "--web.listen-address=none",
                                                 "--collector.disable-defaults", "--process.listen-address=:9256"});
    CHECK(all_of({"-config.path", "/a b.yml", "--procfs=/p", "-web.listen-address=:1"}) ==
          "--process.config.file=/a b.yml --path.procfs=/p --process.listen-address=:1");
    CHECK(all_of({"-web.listen-address=", "-children=false", "-threads", "--recheck=T", "-gather-smaps=0", "-debug",
                  "-remove-empty-groups=true", "-recheck-with-time-limit", "5s"}) ==
          "--process.listen-address= --no-process.children --process.threads --process.recheck "
          "--no-process.gather-smaps --log.level=debug --process.remove-empty-groups "
          "--process.recheck-with-time-limit=5s");
    CHECK(all_of({"-web.listen-address=:1", "-debug=false", "-version=false", "-man", "-h"}) ==
          "--process.listen-address=:1 --help --help");
    CHECK(all_of({"-web.listen-address=:1", "--process.compat", "--web.freshness=0"}) ==
          "--process.listen-address=:1 --process.compat --web.freshness=0");
    CHECK(all_of({"-web.listen-address=:1", "-threads", "false", "-nonsense"}) ==
          "--process.listen-address=:1 --process.threads");
  }

  TEST_CASE("what is wrong is told") {
    for (const auto& words : std::vector<std::vector<std::string>>{
             {"-config.path"}, {"-threads=maybe"}, {"-what"}, {"-procnames", "a,b"}, {"-once-to-stdout-delay=1s"}})
      CHECK_MESSAGE(all_of(words).starts_with("fault: "), words[0]);
  }
}

}  // namespace exporter_words_test
