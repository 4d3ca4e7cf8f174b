#pragma once
// Memory that a library's start has touched and its work does not need.

namespace vitald::http::tls {

// Lets go of the pages of OpenSSL's code and constants, which are the file's and are there again when they are needed:
// of what its start reads most is never read again. Any thread.
void let_go_of_pages();

}  // namespace vitald::http::tls
