#pragma once
// Makes the bodies of /metrics. A collector's page is encoded at most once a format, a whole body compressed at most
// once.
#include "http/api.hpp"

#include <memory>

namespace vitald::http {

// Keeps the encoders' scratch between calls. The loop's thread only.
class ForeignFamilies;

class MetricsText {
 public:
  MetricsText();
  ~MetricsText();
  std::shared_ptr<const Body> text(const View& view, const Context& context,
                                   encode::Format format = encode::Format::text);
  // Of families that others made: which are not shown with this view, since its pages have them already.
  std::vector<bool> hidden(const Foreign& foreign, const View& view, const Context& context,
                           encode::Format format = encode::Format::text);
  // Whether OpenMetrics has other series of families that others made: bounds and quantiles are written otherwise
  // there, and names that belong to counters are not shown.
  bool open_metrics_renames(const View& view, const Context& context);
  // One collector's page, and a text behind it.
  std::shared_ptr<const Body> lone(const std::shared_ptr<const Page>& page, std::string rest, encode::Format format);
  std::shared_ptr<const Body> compressed(const Body& body);

 private:
  struct Scratch;
  const ForeignFamilies& families(const Context& context);
  void add_foreign(const std::shared_ptr<const Foreign>& foreign, const View& view, const Context& context,
                   encode::Format format, Body& body);
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace vitald::http
