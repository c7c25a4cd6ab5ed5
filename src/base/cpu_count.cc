#include "base/cpu_count.h"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>
#include <string>

namespace tastevin {
namespace {

namespace fs = std::filesystem;

std::size_t affinity() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return static_cast<std::size_t>(std::max(1, CPU_COUNT(&set)));
}

std::optional<double> number_in(const fs::path& file) {
  std::ifstream stream(file);
  double value = 0;
  if (stream >> value) return value;
  return std::nullopt;
}

/// CPUs of `cpu.max`: "150000 100000", or "max 100000" for no quota.
std::optional<double> quota_v2(const fs::path& group) {
  std::ifstream stream(group / "cpu.max");
  double quota = 0;
  double period = 0;
  if (stream >> quota >> period && quota > 0 && period > 0) return quota / period;
  return std::nullopt;
}

/// CPUs of `cpu.cfs_quota_us`, -1 for no quota.
std::optional<double> quota_v1(const fs::path& group) {
  const auto quota = number_in(group / "cpu.cfs_quota_us");
  const auto period = number_in(group / "cpu.cfs_period_us");
  if (quota && period && *quota > 0 && *period > 0) return *quota / *period;
  return std::nullopt;
}

/// The smallest quota on the way from `group`, a path under `mount`, up to `mount` itself: each level binds.
template <class Quota>
double smallest(const fs::path& mount, const fs::path& group, Quota quota) {
  double least = quota(mount).value_or(std::numeric_limits<double>::infinity());
  fs::path level = mount;
  for (const fs::path& part : group.relative_path()) {
    level /= part;
    least = std::min(least, quota(level).value_or(least));
  }
  return least;
}

bool names_cpu(const std::string& controllers) {
  std::istringstream stream(controllers);
  for (std::string name; std::getline(stream, name, ',');) {
    if (name == "cpu") return true;
  }
  return false;
}

/// Lines of /proc/self/cgroup are "0::/path" (v2) and "4:cpu,cpuacct:/path" (v1).
double quota(const fs::path& root) {
  const fs::path mount = root / "sys/fs/cgroup";
  double least = std::numeric_limits<double>::infinity();
  std::ifstream groups(root / "proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const fs::path group = line.substr(second + 1);
    if (controllers.empty()) least = std::min(least, smallest(mount, group, quota_v2));
    if (names_cpu(controllers)) least = std::min(least, smallest(mount / "cpu", group, quota_v1));
  }
  return least;
}

}  // namespace

std::size_t cpu_count(const fs::path& root) {
  const std::size_t allowed = affinity();
  const double limit = quota(root);
  if (limit >= static_cast<double>(allowed)) return allowed;
  return std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(limit)));
}

}  // namespace tastevin
