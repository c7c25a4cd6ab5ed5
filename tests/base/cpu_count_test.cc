#include "base/cpu_count.h"

#include <gtest/gtest.h>
#include <sched.h>

#include "support/temporary_folder.h"

namespace tastevin {
namespace {

/// A root in which the process is in the group /box, under the files of either version of control groups.
class CpuCount : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(root_ / "proc/self");
    std::filesystem::create_directories(root_ / "sys/fs/cgroup/box");
    std::filesystem::create_directories(root_ / "sys/fs/cgroup/cpu/box");
    cpu_set_t set;
    ASSERT_EQ(::sched_getaffinity(0, sizeof set, &set), 0);
    affinity_ = static_cast<std::size_t>(CPU_COUNT(&set));
  }
  void version_2(const std::string& quota) {
    root_.write("proc/self/cgroup", "0::/box\n");
    root_.write("sys/fs/cgroup/box/cpu.max", quota);
  }
  void version_1(const std::string& quota) {
    root_.write("proc/self/cgroup", "5:cpuset:/other\n4:cpu,cpuacct:/box\n");
    root_.write("sys/fs/cgroup/cpu/box/cpu.cfs_quota_us", quota);
    root_.write("sys/fs/cgroup/cpu/box/cpu.cfs_period_us", "100000\n");
  }

  TemporaryFolder root_;
  std::size_t affinity_ = 0;
};

TEST_F(CpuCount, RoundsAQuotaUp) {
  version_2("150000 100000\n");

  EXPECT_EQ(cpu_count(root_.path()), std::min<std::size_t>(2, affinity_));
}

TEST_F(CpuCount, OfASmallQuotaIsOneNeverNone) {
  version_2("10000 100000\n");

  EXPECT_EQ(cpu_count(root_.path()), 1U);
}

TEST_F(CpuCount, WithoutAQuotaIsTheAffinity) {
  version_2("max 100000\n");

  EXPECT_EQ(cpu_count(root_.path()), affinity_);
}

TEST_F(CpuCount, ReadsTheOlderFilesToo) {
  version_1("100000\n");
  EXPECT_EQ(cpu_count(root_.path()), 1U);

  version_1("-1\n");
  EXPECT_EQ(cpu_count(root_.path()), affinity_);
}

TEST_F(CpuCount, IsBoundByTheGroupAboveToo) {
  version_2("max 100000\n");
  root_.write("sys/fs/cgroup/cpu.max", "50000 100000\n");

  EXPECT_EQ(cpu_count(root_.path()), 1U);
}

TEST_F(CpuCount, WithoutGroupFilesIsTheAffinity) { EXPECT_EQ(cpu_count(root_.path()), affinity_); }

}  // namespace
}  // namespace tastevin
