#include "classify/tokenizer/post_processor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "classify/tokenizer/post_processors.h"
#include "support/fails_with.h"

namespace tastevin::tokenizer {
namespace {

using testing::ElementsAre;

Json sequence(const char* id, int type_id) { return {{"Sequence", {{"id", id}, {"type_id", type_id}}}}; }
Json special(const char* id) { return {{"SpecialToken", {{"id", id}, {"type_id", 0}}}}; }
Json one_token() { return {{"[X]", {{"id", "[X]"}, {"ids", {7}}, {"tokens", {"[X]"}}}}}; }

Json template_of(const Json& single, const Json& pair) {
  return {{"type", "TemplateProcessing"}, {"single", single}, {"pair", pair}, {"special_tokens", one_token()}};
}

ErrorCode error_of(const Json& json) {
  return code_of_failure([&json] { make_post_processor(json, "here"); });
}

TEST(TrimOffsets, TakesBlanksOffBothEnds) {
  std::vector<Span> offsets{{0, 3}, {3, 8}};

  trim_offsets(OffsetTrim::all, std::vector<Blanks>{{1, 0}, {2, 1}}, offsets);

  EXPECT_THAT(offsets, ElementsAre(Span{1, 3}, Span{5, 7}));
}

TEST(TrimOffsets, KeepsTheBlankThatThePreTokenizerPutAtTheStart) {
  std::vector<Span> offsets{{0, 3}, {3, 8}};

  trim_offsets(OffsetTrim::all_but_the_added, std::vector<Blanks>{{1, 0}, {1, 0}}, offsets);

  EXPECT_THAT(offsets, ElementsAre(Span{0, 3}, Span{4, 8}));
}

TEST(TrimOffsets, NeverTurnsASpanAround) {
  std::vector<Span> offsets{{2, 4}};

  trim_offsets(OffsetTrim::all, std::vector<Blanks>{{2, 2}}, offsets);

  EXPECT_THAT(offsets, ElementsAre(Span{4, 4}));
}

TEST(PostProcessors, ReadATemplate) {
  const PostProcessor made = make_post_processor(
      template_of({special("[X]"), sequence("A", 0)}, {sequence("A", 0), sequence("B", 1), special("[X]")}), "here");

  EXPECT_EQ(made.single.size(), 2U);
  EXPECT_EQ(made.single[0].id, 7);
  EXPECT_EQ(made.pair[1].type_id, 1);
  EXPECT_EQ(special_tokens(made.pair), 1U);
}

TEST(PostProcessors, RefuseATemplateOfUndefinedTokens) {
  EXPECT_EQ(error_of(template_of({special("[Y]")}, Json::array())), ErrorCode::bad_checkpoint);
}

TEST(PostProcessors, RefuseTheSecondTextInTheTemplateForOne) {
  EXPECT_EQ(error_of(template_of({sequence("B", 0)}, Json::array())), ErrorCode::bad_checkpoint);
}

// Such a text was counted once and written twice: more tokens than the model has positions.
TEST(PostProcessors, RefuseATemplateThatNamesATextTwice) {
  EXPECT_EQ(error_of(template_of({sequence("A", 0), sequence("A", 0)}, Json::array())), ErrorCode::unsupported_model);
  EXPECT_EQ(error_of(template_of(Json::array({sequence("A", 0)}), {sequence("B", 0), sequence("B", 1)})),
            ErrorCode::unsupported_model);
}

TEST(PostProcessors, RefuseTypeIdsThatDoNotFit) {
  EXPECT_EQ(error_of(template_of({sequence("A", 256)}, Json::array())), ErrorCode::bad_checkpoint);
}

TEST(PostProcessors, NameAnUnknownType) {
  EXPECT_THAT(([] { make_post_processor({{"type", "Mystery"}}, "here"); }),
              fails_with(ErrorCode::unsupported_model, "Mystery"));
}

}  // namespace
}  // namespace tastevin::tokenizer
