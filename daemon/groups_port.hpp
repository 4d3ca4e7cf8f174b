#pragma once
// A server beside the daemon's own: what it shows are the groups of processes (--process.listen-address).
#include "config/address.hpp"
#include "http/server.hpp"

namespace vitald {

// The loop only.
class GroupsPort {
 public:
  // `context` is copied: all that it points to outlives this.
  GroupsPort(boost::asio::io_context& loop, const http::Context& context, const http::Limits& limits)
      : context_(context), server_(loop, context_, limits, http::group_routes(context_)) {}

  http::Server::Fault listen(const config::Address& address);
  void security_fields(const std::string& fields) { context_.security_fields = fields; }
  http::Server& server() { return server_; }
  const http::Server& server() const { return server_; }

 private:
  http::Context context_;
  http::Server server_;
};

}  // namespace vitald
