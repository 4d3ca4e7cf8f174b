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

// The parameter among an element's, without quotes; `otherwise` when there is none.
std::string_view parameter(std::string_view parameters, std::string_view name, std::string_view otherwise) {
  while (!parameters.empty()) {
    auto value = scan::trimmed(scan::take_until(parameters, ';'));
    if (same(scan::trimmed(scan::take_until(value, '=')), name)) return scan::trimmed(value, " \t\"");
  }
  return otherwise;
}

// The weight among an element's parameters; 1 when there is none, 0 when it cannot be read.
double weight(std::string_view parameters) {
  double q = 0;
  return scan::number(parameter(parameters, "q", "1"), q) && q >= 0 && q <= 1 ? q : 0;
}

// How welcome one type is: what names it most closely counts (RFC 9110, 12.5.1), and of several such the kindest.
class Welcome {
 public:
  Welcome(std::string_view type, std::string_view version)
      : type_(type), group_(type.substr(0, type.find('/') + 1)), version_(version) {}

  void hear(std::string_view range, std::string_view parameters) {
    const int close = closeness(range, parameter(parameters, "version", version_));
    if (close < closest_ || close == 0) return;
    if (close > closest_) weight_ = 0;
    closest_ = close;
    weight_ = std::max(weight_, weight(parameters));
  }
  bool named() const { return closest_ == 3; }
  double weight_or_none() const { return weight_; }

 private:
  int closeness(std::string_view range, std::string_view version) const {
    if (same(range, type_)) return version == version_ ? 3 : 0;
    if (range.ends_with("/*") && same(range.substr(0, range.size() - 1), group_)) return 2;
    return range == "*/*" ? 1 : 0;
  }

  std::string_view type_, group_, version_;
  int closest_ = 0;
  double weight_ = 0;
};

Welcome plain_text() { return {"text/plain", "0.0.4"}; }

template <class... Each>
void hear(std::string_view accept, Each&... of) {
  while (!accept.empty()) {
    auto parameters = scan::take_until(accept, ',');
    const auto range = scan::trimmed(scan::take_until(parameters, ';'));
    (of.hear(range, parameters), ...);
  }
}

}  // namespace

bool takes_text(std::string_view accept) {
  auto text = plain_text();
  hear(accept, text);
  return text.weight_or_none() > 0;
}

bool wants_open_metrics(std::string_view accept) {
  Welcome open_metrics("application/openmetrics-text", "1.0.0");
  auto text = plain_text();
  hear(accept, open_metrics, text);
  const double wanted = open_metrics.weight_or_none();
  return open_metrics.named() && wanted > 0 && wanted >= text.weight_or_none();
}

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
