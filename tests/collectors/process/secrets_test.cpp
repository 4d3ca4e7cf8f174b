#include "collectors/process/secrets.hpp"

#include <doctest/doctest.h>

namespace secrets_test {

using namespace vitald;
using process::Secrets;
using namespace std::string_literals;

namespace {

const Secrets usual("(?i)passw|secret|token|api[-_]?key|authorization|[-_.]pwd$");

// NULs are shown as '|'.
std::string masked(std::string command, const Secrets& secrets = usual) {
  for (auto& c : command)
    if (c == '|') c = '\0';
  std::string out;
  secrets.append_command(command, out);
  for (auto& c : out)
    if (c == '\0') c = '|';
  return out;
}

}  // namespace

TEST_SUITE("process/secrets") {
  TEST_CASE("arguments: by the name before them, whichever way that is written") {
    CHECK(masked("x|--password=hunter2|-v") == "x|--password=********|-v");
    CHECK(masked("x|--password|hunter2|-v") == "x|--password|********|-v");
    CHECK(masked("x|--password=my long secret|y") == "x|--password=********|y");
    CHECK(masked("x|--token|--verbose") == "x|--token|--verbose");
    CHECK(masked("x|-api-key|k|API_KEY=k|apikey=") == "x|-api-key|********|API_KEY=********|apikey=");
    CHECK(masked("curl|-H|Authorization: Bearer abc.def") == "curl|-H|Authorization: ********");
    CHECK(masked("x|--db-pwd=1|--PWD=/home") == "x|--db-pwd=********|--PWD=/home");
    CHECK(masked("x|--token=") == "x|--token=");
  }

  TEST_CASE("names of files are none, nor are plain words") {
    CHECK(masked("x|--password-file=/etc/p|--token-file|/etc/t") == "x|--password-file=/etc/p|--token-file|/etc/t");
    CHECK(masked("x|password|secret") == "x|password|secret");
    CHECK(masked("x|--port=80|a=b|c: d") == "x|--port=80|a=b|c: d");
  }

  TEST_CASE("within one argument: scripts, and titles that were written over") {
    CHECK(masked("sh|-c|run --password=abc --port 1") == "sh|-c|run --password=******** --port 1");
    CHECK(masked("sh|-c|run --password 'a b' next") == "sh|-c|run --password ******** next");
    CHECK(masked("sh|-c|env TOKEN=\"a b\" run") == "sh|-c|env TOKEN=******** run");
    CHECK(masked("sh|-c|TOKEN=\"a b\" run") == "sh|-c|TOKEN=********");  // rather too much
    CHECK(masked("sh|-c|run --token|next") == "sh|-c|run --token|********");
  }

  TEST_CASE("passwords in URLs") {
    CHECK(masked("x|postgres://me:pw@host/db") == "x|postgres://me:********@host/db");
    CHECK(masked("x|--url=http://me:p@w@host:1/a@b") == "x|--url=http://me:********@host:1/a@b");
    CHECK(masked("x|http://host:80/a@b|http://me@host|http://me:@host|a@b:c") ==
          "x|http://host:80/a@b|http://me@host|http://me:@host|a@b:c");
  }

  TEST_CASE("nothing else changes, and without an expression only URLs do") {
    for (const char* command : {"", "|", "||", "x", "x|", " ", "x| |y", "--", "-", "=", ":", "': '", "\xff\xfe|\n"})
      CHECK(masked(command) == command);
    CHECK(masked("x|--password=1|a://b:c@d", Secrets("")) == "x|--password=1|a://b:********@d");
  }

  TEST_CASE("variables") {
    std::string out;
    usual.append_value("DB_PASSWORD", "x", out);
    usual.append_value("HOME", "/h", out);
    usual.append_value("SECRET", "", out);
    usual.append_value("URL", "a://b:c@d", out);
    CHECK(out == "********/ha://b:********@d");
  }
}

}  // namespace secrets_test
