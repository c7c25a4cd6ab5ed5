#include "work/jobs/parts_lock.h"

#include <system_error>
#include <utility>

#include "base/error.h"

namespace tastevin::jobs {
namespace fs = std::filesystem;

PartsLock::PartsLock(fs::path folder) : folder_(std::move(folder)) {
  std::error_code reason;
  const bool is_new = fs::create_directory(folder_, reason);  // not those above it: the output has its place already
  if (is_new) fs::permissions(folder_, fs::perms::owner_all, reason);  // the output may replace a private file
  if (reason) throw Error(ErrorCode::unavailable, folder_.string() + ": cannot be made: " + reason.message());
  held_.emplace(folder_ / kName, [this] {
    throw Error(ErrorCode::unavailable, folder_.string() + ": another run is making this output");
  });
}

void PartsLock::remove_folder() {
  if (!held_) return;
  std::error_code ignored;
  fs::remove(folder_ / kName, ignored);  // from now on another run may begin
  fs::remove(folder_, ignored);          // unless one has
  held_.reset();
}

}  // namespace tastevin::jobs
