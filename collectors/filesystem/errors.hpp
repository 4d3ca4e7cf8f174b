#pragma once
// Error texts as the peer's runtime words them, because they stand in a label.
#include <string_view>

namespace vitald::filesystem {

// ETIMEDOUT is "mountpoint timeout": that nothing came in time. ETIME is what the kernel calls ETIMEDOUT (Probe).
// Good until the next call on this thread.
std::string_view error_text(int error);

}  // namespace vitald::filesystem
