#pragma once
// What is on its way to a client.
#include "collectors/base/out.hpp"
#include "http/reply.hpp"

#include <sys/uio.h>

#include <span>

namespace vitald::http {

inline iovec part_of(std::string_view bytes) {
  return {const_cast<char*>(bytes.data()), bytes.size()};  // it is only read
}

// Takes the bytes that are sent already off the front; whether any are left.
bool drop(std::span<iovec>& parts, std::size_t sent);

void write_head(const Reply& reply, std::string_view date, std::string_view security, bool keep, Out& out);

}  // namespace vitald::http
