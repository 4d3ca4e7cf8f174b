#include "http/listen.hpp"

#include <doctest/doctest.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace listen_test {

using namespace vitald;
using namespace vitald::http;

namespace {

// A folder that goes away.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("vitald.listen." + std::to_string(::getpid()))) {
    std::filesystem::create_directory(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Place place(const char* name) const {
    Place made;
    made.kind = Peer::Kind::unix_socket;
    made.path = path_ / name;
    return made;
  }

 private:
  std::filesystem::path path_;
};

int connected(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  const int made = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  REQUIRE(::connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  return made;
}

bool exists(const std::string& path) { return std::filesystem::exists(std::filesystem::symlink_status(path)); }

}  // namespace

TEST_SUITE("http/listen") {
  TEST_CASE("a Unix socket has its mode from the first moment, and knows who comes") {
    const Folder folder;
    auto place = folder.place("a");
    place.mode = 0640;
    const auto made = listen_at(place);
    REQUIRE_MESSAGE(made.socket >= 0, made.why);
    struct stat found {};
    REQUIRE(::stat(place.path.c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0640);
    CHECK(address_of(made.socket) == "unix:" + place.path);
    const int client = connected(place.path);
    Peer peer;
    const int accepted = accept_one(made.socket, place.kind, trusted_here(), peer);
    REQUIRE(accepted >= 0);
    CHECK(peer.uid == ::geteuid());
    CHECK(peer.trusted);
    Peer stranger;
    recognize(accepted, {::geteuid() + 1, {}}, stranger);
    CHECK(stranger.trusted == (::geteuid() == 0));
    Peer of_group;
    recognize(accepted, {::geteuid() + 1, ::getegid()}, of_group);
    CHECK(of_group.trusted);
    for (const int fd : {client, accepted, made.socket}) ::close(fd);
  }

  TEST_CASE("a file that is left over is taken, one that is answered at is not, and a file is no socket") {
    const Folder folder;
    const auto place = folder.place("b");
    const auto first = listen_at(place);
    REQUIRE(first.socket >= 0);
    CHECK(listen_at(place).error == EADDRINUSE);
    ::close(first.socket);
    CHECK(exists(place.path));
    const auto second = listen_at(place);
    CHECK_MESSAGE(second.socket >= 0, second.why);
    ::close(second.socket);
    const auto text = folder.place("c");
    std::ofstream(text.path) << "text";
    CHECK(listen_at(text).error == EADDRINUSE);
    CHECK(std::filesystem::file_size(text.path) == 4);
    auto grouped = folder.place("d");
    grouped.group = "no such group";
    CHECK(listen_at(grouped).why.find("no group no such group") != std::string::npos);
    CHECK(listen_at(folder.place("no/such/folder")).error == ENOENT);
  }

  TEST_CASE("its file goes away in the end, unless another has taken its place") {
    const Folder folder;
    const auto place = folder.place("e");
    const auto made = listen_at(place);
    { const SocketFile ours(place.path); }
    CHECK_FALSE(exists(place.path));
    const auto again = listen_at(place);
    {
      const SocketFile ours(place.path);
      std::filesystem::rename(place.path, place.path + ".kept");  // so that the inode is not used again
      std::ofstream(place.path) << "another's";
    }
    CHECK(exists(place.path));
    ::close(made.socket);
    ::close(again.socket);
  }

  TEST_CASE("of a name's addresses the first of IPv4 is taken, else the first") {
    addrinfo third{}, second{}, first{};
    first.ai_family = AF_INET6;
    first.ai_next = &second;
    second.ai_family = AF_INET6;
    second.ai_next = &third;
    third.ai_family = AF_INET;
    CHECK(&preferred(first) == &third);
    CHECK(&preferred(third) == &third);
    second.ai_family = AF_INET;
    CHECK(&preferred(first) == &second);
    first.ai_next = nullptr;
    CHECK(&preferred(first) == &first);
  }

  TEST_CASE("an IPv4 address that is written as one of IPv6 is IPv4") {
    Place place;
    place.host = "::ffff:127.0.0.1";
    const auto made = listen_at(place);
    REQUIRE_MESSAGE(made.socket >= 0, made.why);
    CHECK(address_of(made.socket).starts_with("127.0.0.1:"));
    ::close(made.socket);
    place.host = "::ffff:0.0.0.0";
    const auto everywhere = listen_at(place);
    CHECK(address_of(everywhere.socket).starts_with("[::]:"));
    ::close(everywhere.socket);
  }

  TEST_CASE("TCP by name, by number and everywhere; a port that is taken") {
    Place place;
    for (const char* host : {"127.0.0.1", "localhost", ""}) {
      place.host = host;
      place.port = 0;
      const auto made = listen_at(place);
      CHECK_MESSAGE(made.socket >= 0, host << ": " << made.why);
      ::close(made.socket);
    }
    for (const char* any : {"0.0.0.0", "::", "0:0:0:0:0:0:0:0", ""}) {  // as at the peer, both families
      place.host = any;
      const auto made = listen_at(place);
      CHECK_MESSAGE(address_of(made.socket).starts_with("[::]:"), any);
      ::close(made.socket);
    }
    place.host = "127.0.0.1";
    const auto first = listen_at(place);
    const auto address = address_of(first.socket);
    place.port = static_cast<std::uint32_t>(std::stoi(address.substr(address.rfind(':') + 1)));
    CHECK(listen_at(place).error == EADDRINUSE);
    CHECK(to_string(place) == address);
    ::close(first.socket);
    place.host = "no such host.";
    CHECK(listen_at(place).error == EADDRNOTAVAIL);
  }
}

}  // namespace listen_test
