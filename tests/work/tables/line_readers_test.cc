#include "work/tables/line_readers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/text_file.h"
#include "support/fails_with.h"
#include "support/temporary_folder.h"

namespace tastevin::tables {
namespace {

using ::testing::ElementsAre;

class LineReaders : public ::testing::Test {
 protected:
  Column column(const std::string& file, std::string_view bytes, const std::string& name) const {
    return read_columns(folder_.write(file, bytes), {name}).front();
  }

  TemporaryFolder folder_;
};

TEST_F(LineReaders, KeepsTheTextOfJsonLinesEvenOfBrokenOnes) {
  const auto reader = open(folder_.write("t.jsonl", "nonsense\n{\"text\": \"a\"}\n{\"text\"\n"));

  const auto rows = reader->next();

  EXPECT_THAT(rows->texts, ElementsAre("nonsense", "{\"text\": \"a\"}", "{\"text\""));
  EXPECT_THAT(rows->columns[0], ElementsAre("", "a", ""));
  EXPECT_THAT(rows->errors[2], ::testing::HasSubstr("line 3"));
}

TEST_F(LineReaders, LeavesOutTheColumnsOfJsonLinesThatNobodyWants) {
  const auto reader = open(folder_.write("t.jsonl", "{\"id\": 1, \"text\": \"a\"}\n{\"text\": null}\n"));
  reader->want({1});

  const auto rows = reader->next();

  EXPECT_EQ(rows->count(), 2U);
  EXPECT_THAT(rows->columns[0], ElementsAre());
  EXPECT_THAT(rows->columns[1], ElementsAre("a", ""));
  EXPECT_TRUE(rows->is_missing(1, 1));
}

// 4096 lines of 200 KB were a block.
TEST_F(LineReaders, EndsBlocksOfLinesByTheirBytes) {
  std::string lines;
  for (int i = 0; i < 10; ++i) lines += "{\"text\": \"" + std::string(300'000, 'a') + "\"}\n";
  for (const char* name : {"t.jsonl", "t.txt"}) EXPECT_EQ(open(folder_.write(name, lines))->next()->count(), 4U);
}

TEST_F(LineReaders, ReadsJsonLinesOfManyLevels) {
  const std::string deep = std::string(500, '[') + std::string(500, ']');
  EXPECT_THAT(column("t.jsonl", "{\"text\": \"a\", \"more\": " + deep + "}\n", "text"), ElementsAre("a"));
}

// A JSON document that was called .jsonl came into memory whole.
TEST_F(LineReaders, LooksForTheFirstObjectOnlySoFar) {
  std::string lines = "[\n";
  for (std::size_t i = 0; i < 5000; ++i) lines += "1,\n";

  EXPECT_THAT([&] { column("t.jsonl", lines + "{\"text\": \"a\"}\n", "text"); },
              fails_with(ErrorCode::invalid_argument, "found none in 4096 lines; line 1"));
}

TEST_F(LineReaders, RefusesALineThatIsTooLong) {
  const std::string line(kMaxLineBytes + 1, 'x');

  EXPECT_THAT([&] { column("t.txt", "a\n" + line, ""); }, fails_with(ErrorCode::too_large, "line 2"));
  EXPECT_THAT([&] { column("t.jsonl", line, ""); }, fails_with(ErrorCode::too_large, "line 1"));
  EXPECT_EQ(column("t.txt", line.substr(1) + "\n", "").front().size(), kMaxLineBytes);
}

}  // namespace
}  // namespace tastevin::tables
