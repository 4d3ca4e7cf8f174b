#include "collectors/filesystem/zfs_pools.hpp"

#include <sys/stat.h>

namespace vitald::filesystem {
namespace {

// EIO: it went while it was read.
bool is_gone(const Fault& fault) {
  return state_of(fault) == State::absent ||
         fault.code == boost::system::error_code(EIO, boost::system::system_category());
}

}  // namespace

// The folder has some twenty files beside the pools: what is which is asked when another name comes.
void Pools::find(const std::string& folder, std::span<const std::string_view> names) {
  path_.clear();
  for (const auto name : names) path_.append(name).push_back('/');
  if (path_ == names_) return;
  names_ = path_;
  pools_.clear();
  for (const auto name : names) {
    struct stat about {};
    path_.assign(folder).append("/").append(name);
    if (::stat(path_.c_str(), &about) == 0 && S_ISDIR(about.st_mode))
      pools_.push_back({std::string(name), KernelDir(path_)});
  }
}

Result<void> Pools::collect(const std::string& folder, std::span<const std::string_view> names, Into into) {
  find(folder, names);
  datasets_.begin();
  for (auto& pool : pools_)
    if (const auto done = collect(pool, into); !done) return done;
  datasets_.fill(into.datasets);
  return {};
}

Result<void> Pools::collect(Pool& pool, Into& into) {
  const auto names = pool.folder.list();
  if (!names)  // exported meanwhile, or no folder any more
    return is_gone(names.error()) || names.error().code == Parse::not_a_file ? Result<void>{} : names.error();
  for (const auto name : *names)
    if (name == "io" || name == "state" || name.starts_with("objset-"))
      if (const auto done = read(pool, name, into); !done) return done;
  return {};
}

Result<void> Pools::read(const Pool& pool, std::string_view name, Into& into) {
  path_.assign(pool.folder.path()).append("/").append(name);
  file_.turn_to(path_);
  const auto text = file_.read();
  if (!text) return is_gone(text.error()) ? Result<void>{} : text.error();
  if (name == "io") {
    auto& row = into.io.next();
    row.pool = pool.name;
    return parse_pool_io(*text, row);
  }
  if (name == "state") {
    auto& row = into.states.next();
    row.pool = pool.name;
    return parse_pool_state(*text, row);
  }
  return datasets_.add(*text, pool.name);
}

}  // namespace vitald::filesystem
