#include "daemon/groups_port.hpp"

#include "daemon/web_settings.hpp"

namespace vitald {

http::Server::Fault GroupsPort::listen(const config::Address& address) { return server_.listen(place_for(address)); }

}  // namespace vitald
