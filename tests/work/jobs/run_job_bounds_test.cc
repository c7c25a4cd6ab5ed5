// What a job takes of memory, and leaves to others.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

#include "work/jobs/run_job_fixture.h"
#include "work/tables/standard_input.h"

namespace tastevin {
namespace {

// Half a gigabyte of rows of 200 KB were four parts in memory.
TEST_F(RunJob, EndsPartsByTheirBytes) {
  std::string rows = "text\n";
  for (int i = 0; i < 60; ++i) rows += std::to_string(i) + " good film" + std::string(1'000'000, ' ') + "\n";
  job_.input = folder_.write("in.csv", rows).string();
  job_.output = (folder_ / "out.csv").string();

  const JobReport ended = run_job(bundled(), job_, {}, [](const JobProgress& now) { return now.rows == 0; });
  EXPECT_THAT(ended.rows, ::testing::AnyOf(17U, 34U)) << "of 17 MB each, that at hand and perhaps one under way";
  job_.resume = true;
  EXPECT_EQ(run_job(bundled(), job_).rows, 60U);
}

// A job of a file told whoever read standard input meanwhile that it was at its end: rows were lost.
TEST_F(RunJob, OfAFileLeavesStandardInputToOthers) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const int before = ::dup(STDIN_FILENO);
  ::dup2(ends[0], STDIN_FILENO);
  tables::begin_standard_input();
  output("in.txt", "good\n", "out.csv");
  ASSERT_EQ(::write(ends[1], "rows", 4), 4);

  std::array<char, 10> read{};
  EXPECT_EQ(tables::read_standard_input(read.data(), read.size()), 4);

  ::dup2(before, STDIN_FILENO);
  for (const int end : {before, ends[0], ends[1]}) ::close(end);
}

}  // namespace
}  // namespace tastevin
