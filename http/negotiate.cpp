#include "http/negotiate.hpp"

#include "collectors/base/scan.hpp"

#include <algorithm>
#include <optional>

namespace vitald::http {
namespace {

bool same(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

// The weight among an element's parameters; 1 when there is none, 0 when it cannot be read.
double weight(std::string_view parameters) {
  while (!parameters.empty()) {
    const auto one = scan::trimmed(scan::take_until(parameters, ';'));
    if (one.size() < 2 || !same(one.substr(0, 2), "q=")) continue;
    double q = 0;
    return scan::number(one.substr(2), q) && q <= 1 ? q : 0;
  }
  return 1;
}

}  // namespace

bool wants_gzip(std::string_view accept_encoding) {
  std::optional<double> gzip, identity, any;
  while (!accept_encoding.empty()) {
    auto element = scan::take_until(accept_encoding, ',');
    const auto coding = scan::trimmed(scan::take_until(element, ';'));
    const auto q = weight(element);
    if (same(coding, "gzip") || same(coding, "x-gzip")) gzip = q;
    if (same(coding, "identity")) identity = q;
    if (coding == "*") any = q;
  }
  const double wanted = gzip.value_or(any.value_or(0));
  return wanted > 0 && wanted >= identity.value_or(0);
}

}  // namespace vitald::http
