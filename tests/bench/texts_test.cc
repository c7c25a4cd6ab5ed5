#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "support/fails_with.h"
#include "support/temporary_folder.h"
#include "tastevin/bench.h"

namespace tastevin {
namespace {

using ::testing::ElementsAre;

std::size_t words_of(const std::string& text) {
  std::istringstream stream(text);
  return static_cast<std::size_t>(std::distance(std::istream_iterator<std::string>(stream), {}));
}

TEST(GeneratedTexts, AreDifferentAndAlwaysTheSame) {
  const auto texts = generated_texts();

  EXPECT_EQ(texts.size(), 512U);
  EXPECT_EQ(std::set<std::string>(texts.begin(), texts.end()).size(), texts.size());
  EXPECT_EQ(generated_texts(), texts);
}

TEST(GeneratedTexts, HaveTwentyWordsOnAverage) {
  double words = 0;
  for (const std::string& text : generated_texts()) words += static_cast<double>(words_of(text));

  EXPECT_NEAR(words / 512, 21, 1);  // the full stop counts here
}

TEST(ReadTexts, TakesEachLine) {
  const TemporaryFolder folder;

  EXPECT_THAT(read_texts(folder.write("texts.txt", "one\n\ntwo words\r\nlast")),
              ElementsAre("one", "", "two words", "last"));
}

TEST(ReadTexts, TakesTheColumnThatTheHeaderNames) {
  const TemporaryFolder folder;

  EXPECT_THAT(read_texts(folder.write("rows.tsv", "label\tcontent\n1\tgood\n0\tbad\n")), ElementsAre("good", "bad"));
}

TEST(ReadTexts, RefusesATableWithoutSuchAColumn) {
  const TemporaryFolder folder;
  const auto file = folder.write("rows.tsv", "label\treview\n1\tgood\n");

  EXPECT_THAT([&] { read_texts(file); }, fails_with(ErrorCode::not_found, "review"));
}

TEST(ReadTexts, NamesTheLineThatIsTooShort) {
  const TemporaryFolder folder;
  const auto file = folder.write("rows.tsv", "label\ttext\n1\tgood\n0\n");

  EXPECT_THAT([&] { read_texts(file); }, fails_with(ErrorCode::invalid_argument, "line 3"));
}

TEST(ReadTexts, RefusesAFileThatIsNotThere) {
  EXPECT_THAT([] { read_texts("no/such/file"); }, fails_with(ErrorCode::not_found, "no/such/file"));
}

}  // namespace
}  // namespace tastevin
