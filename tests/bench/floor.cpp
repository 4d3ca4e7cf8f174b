// The kernel's floor: what a scrape cannot cost less than, measured beside the daemons.
//   floor PORT PLAIN GZIP              answers every request with the file's text (the gzipped one where asked for)
//   floor PORT PLAIN GZIP PATH…        and before each answer reads the paths: files by kept descriptors and pread,
//                                      folders by statfs, and one RTM_GETLINK dump. Nothing is parsed.
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace {

char scratch[1 << 18];

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

class Readings {
 public:
  explicit Readings(std::vector<std::string> paths) {
    for (auto& path : paths) {
      struct stat about {};
      if (::stat(path.c_str(), &about) != 0) fail(path.c_str());
      if (S_ISDIR(about.st_mode))
        mounts_.push_back(std::move(path));
      else
        files_.push_back({::open(path.c_str(), O_RDONLY | O_CLOEXEC), first_read(path)});
    }
    if (files_.empty()) return;
    netlink_ = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (netlink_ < 0) fail("netlink");
  }

  void once() const {
    for (const auto& file : files_) read_all(file);
    for (const auto& mount : mounts_) {
      struct statfs size {};
      static_cast<void>(::statfs(mount.c_str(), &size));
    }
    if (netlink_ >= 0) dump_links();
  }

 private:
  struct File {
    int descriptor;
    std::size_t first;  // how much to ask for at first
  };
  static std::size_t first_read(std::string_view path) {  // these cost by the size asked for
    return path.starts_with("/proc/sys/") || path.starts_with("/sys/") ? 512 : 16384;
  }

  static void read_all(const File& file) {
    off_t at = 0;
    for (ssize_t n = 1; n > 0; at += n)  // only a read of 0 is the end
      n = ::pread(file.descriptor, scratch, file.first, at);
  }

  void dump_links() const {
    struct {
      nlmsghdr head;
      ifinfomsg body;
    } ask{};
    ask.head.nlmsg_len = sizeof ask;
    ask.head.nlmsg_type = RTM_GETLINK;
    ask.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    if (::send(netlink_, &ask, sizeof ask, 0) < 0) fail("RTM_GETLINK");
    for (;;) {
      auto left = static_cast<int>(::recv(netlink_, scratch, sizeof scratch, 0));
      if (left <= 0) fail("RTM_NEWLINK");
      for (auto* each = reinterpret_cast<nlmsghdr*>(scratch); NLMSG_OK(each, static_cast<unsigned>(left));) {
        if (each->nlmsg_type == NLMSG_DONE || each->nlmsg_type == NLMSG_ERROR) return;
        const auto step = static_cast<int>(NLMSG_ALIGN(each->nlmsg_len));
        left -= step;
        if (left <= 0) break;
        each = reinterpret_cast<nlmsghdr*>(reinterpret_cast<char*>(each) + step);
      }
    }
  }

  std::vector<File> files_;
  std::vector<std::string> mounts_;
  int netlink_ = -1;
};

std::string answer(const char* file, const char* encoding) {
  std::ifstream in(file, std::ios::binary);
  if (!in) fail(file);
  const std::string body{std::istreambuf_iterator<char>(in), {}};
  return "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\n" + std::string(encoding) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

int listen_on(const char* port) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(static_cast<std::uint16_t>(std::atoi(port)));
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(listener, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) fail("bind");
  if (::listen(listener, 64) != 0) fail("listen");
  return listener;
}

void add(int epoll, int socket) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = socket;
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event);
}

bool send_all(int socket, std::string_view text) {
  while (!text.empty()) {
    const auto n = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 4) {
    std::fputs("usage: floor PORT PLAIN GZIP [PATH...]\n", stderr);
    return 64;
  }
  const auto plain = answer(arguments[2], "");
  const auto gzipped = answer(arguments[3], "Content-Encoding: gzip\r\n");
  const Readings readings({arguments + 4, arguments + count});
  const int listener = listen_on(arguments[1]), epoll = ::epoll_create1(EPOLL_CLOEXEC);
  add(epoll, listener);
  for (;;) {
    epoll_event event{};
    if (::epoll_wait(epoll, &event, 1, -1) != 1) continue;
    const int socket = event.data.fd;
    if (socket == listener) {
      const int client = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
      const int on = 1;
      ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      add(epoll, client);
      continue;
    }
    char request[4096];  // a scrape's request comes in one piece
    const auto n = ::recv(socket, request, sizeof request, 0);
    if (n > 0) readings.once();
    const bool packed =
        n > 0 && std::string_view(request, static_cast<std::size_t>(n)).find("gzip") != std::string_view::npos;
    if (n <= 0 || !send_all(socket, packed ? gzipped : plain)) ::close(socket);
  }
}
