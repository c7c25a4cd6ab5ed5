#include "work/jobs/parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "support/fails_with.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace tastevin::jobs {
namespace {

void join(Parts& parts, const std::string& head) {
  parts.join([&head](const std::vector<std::filesystem::path>& files, const std::filesystem::path& output) {
    std::string all = head;
    for (const auto& file : files) all += read_file(file);
    std::ofstream(output) << all;
  });
}

class PartsTest : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
  std::filesystem::path output_ = folder_ / "out.csv";
};

TEST_F(PartsTest, AreJoinedInOrderAndThenGone) {
  Parts parts(output_, "job", Earlier::refused);
  parts.add("1\n", "");
  parts.add("2\n", "");

  join(parts, "head\n");

  EXPECT_EQ(read_file(output_), "head\n1\n2\n");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out.csv.parts"));
}

// A killed run of standard input left parts that only deleting them mended.
TEST_F(PartsTest, OfARunThatNobodyCanGoOnWithAreForgotten) {
  {
    Parts parts(output_, kNotToBeResumed, Earlier::refused);
    parts.add("1\n", "");
    parts.add("2\n", "");
  }
  {
    Parts parts(output_, "job", Earlier::refused);
    EXPECT_EQ(parts.finished(), 0U);
    parts.add("3\n", "");
  }
  EXPECT_EQ(Parts(output_, "job", Earlier::gone_on_with).finished(), 1U);
}

// As root, a job replaced /dev/stdout by a file.
TEST_F(PartsTest, ReplaceNothingButAFile) {
  ASSERT_EQ(::mkfifo(output_.c_str(), 0600), 0);

  EXPECT_THAT([&] { Parts(output_, "job", Earlier::refused); }, fails_with(ErrorCode::invalid_argument, "out.csv"));
  EXPECT_TRUE(std::filesystem::is_fifo(output_));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out.csv.parts"));
  EXPECT_THAT([] { Parts("/dev/null", "job", Earlier::refused); },
              fails_with(ErrorCode::invalid_argument, "/dev/null"));
}

// A job deleted a folder of the user's, its own input included.
TEST_F(PartsTest, LeaveAFolderAloneThatHoldsSomethingElse) {
  std::filesystem::create_directory(folder_ / "out.csv.parts");
  const auto notes = folder_.write("out.csv.parts/notes.txt", "mine");

  EXPECT_THAT([&] { Parts(output_, "job", Earlier::refused); },
              fails_with(ErrorCode::invalid_argument, "found 'notes.txt' in it"));

  EXPECT_EQ(read_file(notes), "mine");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out.csv.parts/lock"));
}

// A file or a folder OUTPUT.new was written over or deleted.
TEST_F(PartsTest, AreJoinedWithoutTouchingAFileBesideTheOutput) {
  const auto other = folder_.write("out.csv.new", "mine");
  Parts parts(output_, "job", Earlier::refused);
  parts.add("1\n", "");

  join(parts, "");

  EXPECT_EQ(read_file(output_), "1\n");
  EXPECT_EQ(read_file(other), "mine");
}

// Two kills put another job's rows into the output.
TEST_F(PartsTest, ThatLieThereWithoutARecordAreOfNoJob) {
  std::filesystem::create_directory(folder_ / "out.csv.parts");
  folder_.write("out.csv.parts/000000.part", "of another job");
  folder_.write("out.csv.parts/joined", "of another job");
  const Parts parts(output_, "job", Earlier::gone_on_with);

  EXPECT_EQ(parts.finished(), 0U);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out.csv.parts/000000.part"));
}

TEST_F(PartsTest, FollowALinkAndKeepTheModeOfWhatTheyReplace) {
  const auto private_file = folder_.write("private.csv", "old");
  std::filesystem::permissions(private_file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  std::filesystem::create_symlink(private_file, output_);
  Parts parts(output_, "job", Earlier::refused);
  parts.add("1\n", "");

  EXPECT_EQ(std::filesystem::status(folder_ / "private.csv.parts").permissions(), std::filesystem::perms::owner_all);
  join(parts, "");

  EXPECT_TRUE(std::filesystem::is_symlink(output_));
  EXPECT_EQ(read_file(private_file), "1\n");
  EXPECT_EQ(std::filesystem::status(private_file).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(PartsTest, FollowALinkToNothing) {
  std::filesystem::create_symlink("new.csv", output_);
  Parts parts(output_, "job", Earlier::refused);
  parts.add("1\n", "");

  join(parts, "");

  EXPECT_TRUE(std::filesystem::is_symlink(output_));
  EXPECT_EQ(read_file(folder_ / "new.csv"), "1\n");
}

TEST_F(PartsTest, OfAnEarlierRunAreGoneOnWith) {
  Parts(output_, "job", Earlier::refused).add("1\n", "more");

  Parts again(output_, "job", Earlier::gone_on_with);
  EXPECT_EQ(again.finished(), 1U);
  EXPECT_EQ(again.more(0), "more");
  again.add("2\n", "");
  join(again, "");

  EXPECT_EQ(read_file(output_), "1\n2\n");
}

TEST_F(PartsTest, OfAnEarlierRunAreNotOverwritten) {
  Parts(output_, "job", Earlier::refused).add("1\n", "");

  EXPECT_THAT([&] { Parts(output_, "job", Earlier::refused); },
              fails_with(ErrorCode::invalid_argument, "go on with the option resume"));
}

TEST_F(PartsTest, OfAnotherJobAreRefused) {
  Parts(output_, "job", Earlier::refused).add("1\n", "");

  EXPECT_THAT([&] { Parts(output_, "other", Earlier::gone_on_with); },
              fails_with(ErrorCode::invalid_argument, "another model"));
}

// Two runs of one output wrote into each other's parts, and the first to end took them away.
TEST_F(PartsTest, BelongToOneRunAtATime) {
  Parts first(output_, "job", Earlier::refused);
  first.add("1\n", "");

  for (const Earlier earlier : {Earlier::refused, Earlier::gone_on_with})
    EXPECT_THAT([&] { Parts(output_, "job", earlier); }, fails_with(ErrorCode::unavailable, "another run"));
  join(first, "");

  EXPECT_EQ(read_file(output_), "1\n");
}

TEST_F(PartsTest, OfTheNextRunAreNotTakenAwayByTheLast) {
  Parts first(output_, "job", Earlier::refused);
  first.add("1\n", "");
  join(first, "");
  Parts next(output_, "job", Earlier::refused);
  next.add("2\n", "");

  first.discard();

  join(next, "");
  EXPECT_EQ(read_file(output_), "2\n");
}

TEST_F(PartsTest, OfAKilledRunAreHeldByNobody) {
  std::filesystem::create_directory(folder_ / "out.csv.parts");
  folder_.write("out.csv.parts/lock", "");

  EXPECT_EQ(Parts(output_, "job", Earlier::refused).finished(), 0U);
}

TEST_F(PartsTest, HalfWrittenCountForNothing) {
  Parts(output_, "job", Earlier::refused).add("1\n", "");
  folder_.write("out.csv.parts/000001.part.new", "half");

  EXPECT_EQ(Parts(output_, "job", Earlier::gone_on_with).finished(), 1U);
}

TEST_F(PartsTest, ResumeFromNothingIsAStart) { EXPECT_EQ(Parts(output_, "job", Earlier::gone_on_with).finished(), 0U); }

TEST_F(PartsTest, SayThatTheirFolderCannotBeMade) {
  const auto nowhere = folder_.write("a file", "") / "out.csv";

  EXPECT_THAT([&] { Parts(nowhere, "job", Earlier::refused); }, fails_with(ErrorCode::unavailable, "cannot be made"));
  EXPECT_THAT([&] { Parts(folder_ / "no/such/out.csv", "job", Earlier::refused); },
              fails_with(ErrorCode::unavailable, "cannot be made"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "no"));
}

}  // namespace
}  // namespace tastevin::jobs
