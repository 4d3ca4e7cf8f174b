#pragma once
// What /sys/devices/system/cpu tells of each processor: throttling, whether it is online, whether it is isolated.
#include "collectors/base/kernel_dir.hpp"
#include "collectors/base/kernel_file.hpp"
#include "collectors/base/page.hpp"

namespace vitald::cpu {

struct CoreThrottles {
  Text core, package;
  std::uint64_t count = 0;
};
struct PackageThrottles {
  Text package;
  std::uint64_t count = 0;
};
struct Online {
  Text cpu;
  std::uint64_t online = 0;  // 1 where the file says so, 0 whatever else it says
};
struct Isolated {
  Text cpu;
  std::uint64_t isolated = 1;
};

Result<void> parse_isolated(std::string_view list, Sheet<Isolated>& out);  // "1-3,5"

// A file that holds no natural number has nothing to tell, as one that is not there: it is no fault, which would cost
// the times of all processors.
//
// One reading goes over all folders ("walk"). Where the kernel itself answers, the files that had something to say stay
// open, and as long as the same processors are present and running only these are read ("reread").
class SysFiles {
 public:
  struct Into {
    Sheet<CoreThrottles>& cores;
    Sheet<PackageThrottles>& packages;
    Sheet<Online>& online;
  };

  enum class Trust : std::uint8_t { the_kernel, anything };  // anything: a test's copy is taken for the kernel's own

  explicit SysFiles(const std::string& sys, Trust trust = Trust::the_kernel);
  Result<void> collect(bool same_processors, Into into);
  Result<void> isolated(Sheet<Isolated>& out);  // read until it could be read once, then remembered

 private:
  template <class Row>
  struct Kept {
    Row row;
    KernelFile file;
  };
  template <class Row>
  bool reread(std::vector<Kept<Row>>& kept, Sheet<Row>& out);
  template <class Row>
  void keep(std::vector<Kept<Row>>& kept, const Row& row);

  bool trusted() const { return trust_ == Trust::anything || folder_.live(); }
  bool still_present();
  Result<void> walk(Into into);
  void walk_throttles(std::string_view name, Into& into);
  void walk_online(std::string_view name, bool first, Into& into);
  bool read(std::string_view folder, std::string_view attribute, std::string_view& out);
  bool count(std::string_view folder, std::string_view attribute, std::uint64_t& out);

  Trust trust_;
  KernelDir folder_;
  KernelFile one_, present_, isolated_file_;
  std::string path_;
  Text present_then_, package_, core_;
  bool planned_ = false, has_online_ = false, isolated_known_ = false;
  std::vector<Kept<CoreThrottles>> cores_;
  std::vector<Kept<PackageThrottles>> packages_;
  std::vector<Kept<Online>> online_;
  Table<Isolated> isolated_table_;
  Sheet<Isolated> isolated_{isolated_table_};
};

}  // namespace vitald::cpu
