#include "classify/tokenizer/regex.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/utf8.h"
#include "classify/tokenizer/regex_pattern.h"
#include "support/fails_with.h"
#include "tastevin/error.h"

namespace tastevin::tokenizer {
namespace {

using Matches = std::vector<std::pair<std::size_t, std::size_t>>;

Matches matches(const Regex& regex, std::string_view text) {
  Matches found;
  regex.each_match(text, [&](std::size_t begin, std::size_t end) { found.emplace_back(begin, end); });
  return found;
}

Matches matches(std::string_view pattern, std::string_view text) { return matches(Regex(pattern, "test"), text); }

std::size_t members(std::string_view pattern) {
  const Regex regex(pattern, "test");
  std::size_t count = 0;
  std::string text;
  for (char32_t code_point = 0; code_point < 0x110000; ++code_point) {
    if (code_point < 0xD800 || code_point > 0xDFFF) utf8::append(text, code_point);
  }
  regex.each_match(text, [&](std::size_t, std::size_t) { ++count; });
  return count;
}

ErrorCode code_of(std::string_view pattern) {
  return code_of_failure([pattern] { const Regex regex(pattern, "test"); });
}

TEST(Regex, FindsMatchesInOrder) { EXPECT_EQ(matches("a+|b", "aab ca"), (Matches{{0, 2}, {2, 3}, {5, 6}})); }

TEST(Regex, PassesOverAnEmptyMatchAfterAnother) { EXPECT_EQ(matches("a*", "baac"), (Matches{{0, 0}, {1, 3}, {4, 4}})); }

TEST(Regex, EmptyMatchesStepOverWholeCharacters) { EXPECT_EQ(matches("", "é"), (Matches{{0, 0}, {2, 2}})); }

struct ClassSize {
  const char* pattern;
  std::size_t members;
};

class RegexClass : public testing::TestWithParam<ClassSize> {};

// The numbers of tokenizers 0.22.2. The Oniguruma that we link is of an older Unicode version.
TEST_P(RegexClass, HasTheMembersOfTheReference) { EXPECT_EQ(members(GetParam().pattern), GetParam().members); }

INSTANTIATE_TEST_SUITE_P(Counts, RegexClass,
                         testing::Values(ClassSize{R"(\w)", 144'671}, ClassSize{R"([\w])", 144'665},
                                         ClassSize{R"(\W)", 967'393}, ClassSize{R"([^\w])", 967'399},
                                         ClassSize{R"(\p{L})", 141'028}, ClassSize{R"(\p{^L})", 971'036},
                                         ClassSize{R"([\P{Letter}])", 971'036}, ClassSize{R"(\p{N})", 1'911},
                                         ClassSize{R"(\s)", 25}, ClassSize{R"(\d)", 760},
                                         ClassSize{R"([[:punct:]])", 9'369}, ClassSize{R"([[:^punct:]])", 1'102'695},
                                         ClassSize{R"([[:word:]])", 144'665}));

TEST(Regex, WordBoundariesFollowTheSameWords) {
  // U+00BD is a word character of the reference outside a bracket; ours, left alone, would have a boundary in the
  // middle.
  EXPECT_EQ(matches(R"(\b)", "a½"), (Matches{{0, 0}, {3, 3}}));
}

TEST(Regex, ClassesOutsideBracketsAreNotFolded) {
  EXPECT_EQ(matches(R"((?i)\p{Lu})", "aB"), (Matches{{1, 2}}));
  EXPECT_EQ(matches(R"((?i)[\p{Lu}])", "aB"), (Matches{{0, 1}, {1, 2}}));
}

TEST(Regex, RefusesWhatIsNotAPattern) {
  EXPECT_EQ(code_of("("), ErrorCode::bad_checkpoint);
  EXPECT_EQ(code_of("["), ErrorCode::bad_checkpoint);
  EXPECT_EQ(code_of(R"(\p{Nope})"), ErrorCode::bad_checkpoint);
}

TEST(Regex, RefusesOperatorsOfAnotherUnicodeVersion) {
  EXPECT_EQ(code_of(R"(\X)"), ErrorCode::unsupported_model);
  EXPECT_EQ(code_of(R"((?W)\w)"), ErrorCode::unsupported_model);
}

TEST(Regex, GivesUpOnEndlessBacktracking) {
  const Regex regex("^(?:a|a)*$", "test");

  EXPECT_THROW(matches(regex, std::string(60, 'a') + "c"), Error);
}

TEST(Regex, OneObjectServesManyThreads) {
  const Regex regex(R"(\w+)", "test");
  std::vector<std::thread> threads;
  std::vector<Matches> found(4);
  for (Matches& mine : found) {
    threads.emplace_back([&regex, &mine] {
      for (int i = 0; i < 1000; ++i) mine = matches(regex, "one two");
    });
  }
  for (std::thread& thread : threads) thread.join();

  for (const Matches& each : found) EXPECT_EQ(each, (Matches{{0, 3}, {4, 7}}));
}

TEST(ExpandClasses, LeavesOtherPatternsAlone) {
  for (const char* pattern :
       {R"('s|'t| ?x+)", R"(\s+(?!\S))", R"([]a-z^\]\\]+)", R"(\\w)", R"([\b])", R"(\p{)", R"((?#\w)a)"}) {
    EXPECT_EQ(expand_classes(pattern, "test"), pattern);
  }
}

}  // namespace
}  // namespace tastevin::tokenizer
