#include "classify/tokenizer/normalizers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "classify/tokenizer/scratch.h"
#include "support/fails_with.h"

namespace tastevin::tokenizer {
namespace {

using testing::ElementsAre;

AlignedText normalize(const Json& json, std::string_view text) {
  AlignedText aligned;
  aligned.alignment = Alignment::tracked;
  aligned.append_original(text, 0);
  Scratch scratch;
  make_normalizer(json, "here")->apply(aligned, scratch);
  return aligned;
}

std::string text_of(const char* type, std::string_view text) { return normalize({{"type", type}}, text).text; }

TEST(Normalizers, DecomposeAndCompose) {
  EXPECT_EQ(text_of("NFD", "\u00E9"), "e\u0301");
  EXPECT_EQ(text_of("NFC", "e\u0301"), "\u00E9");
  EXPECT_EQ(text_of("NFKD", "\uFB01\u00E9"), "fie\u0301");
  EXPECT_EQ(text_of("NFKC", "\uFB01e\u0301"), "fi\u00E9");
}

TEST(Normalizers, SortMarksByTheirClass) { EXPECT_EQ(text_of("NFD", "a\u0301\u0323"), "a\u0323\u0301"); }

TEST(Normalizers, ComposeAcrossLesserMarks) { EXPECT_EQ(text_of("NFC", "a\u0323\u0301"), "\u1EA1\u0301"); }

TEST(Normalizers, ComposeHangul) { EXPECT_EQ(text_of("NFC", "\u1100\u1161\u11A8"), "\uAC01"); }

TEST(Normalizers, StripAccentsDecomposesNothing) { EXPECT_EQ(text_of("StripAccents", "\u00E9e\u0301"), "\u00E9e"); }

TEST(Normalizers, AddedCodePointsShareTheirSource) {
  const AlignedText text = normalize({{"type", "NFD"}}, "x\u00E9");

  EXPECT_THAT(text.sources, ElementsAre(Span{0, 1}, Span{1, 2}, Span{1, 2}, Span{1, 2}));
}

TEST(Normalizers, StripKeepsTheSourcesOfTheRest) {
  const AlignedText text = normalize({{"type", "Strip"}}, " \u3000ab ");

  EXPECT_EQ(text.text, "ab");
  EXPECT_THAT(text.sources, ElementsAre(Span{2, 3}, Span{3, 4}));
}

TEST(Normalizers, ReplaceTakesLiteralsAndExpressions) {
  EXPECT_EQ(normalize({{"type", "Replace"}, {"pattern", {{"String", "``"}}}, {"content", "\""}}, "a``b").text, "a\"b");
  EXPECT_EQ(normalize({{"type", "Replace"}, {"pattern", {{"Regex", " {2,}"}}}, {"content", "_"}}, "a   b c").text,
            "a_b c");
}

TEST(Normalizers, PrependLeavesAnEmptyTextAlone) {
  EXPECT_EQ(normalize({{"type", "Prepend"}, {"prepend", "_"}}, "").text, "");
  EXPECT_EQ(normalize({{"type", "Prepend"}, {"prepend", "_"}}, "a").text, "_a");
}

TEST(Normalizers, SpellBytesByStandIns) { EXPECT_EQ(text_of("ByteLevel", " \u00E9"), "\u0120\u00C3\u00A9"); }

TEST(Normalizers, RunInSequence) {
  const Json steps{{{"type", "NFKD"}}, {{"type", "StripAccents"}}, {{"type", "Lowercase"}}};

  EXPECT_EQ(normalize({{"type", "Sequence"}, {"normalizers", steps}}, "\u00C9\uFB01").text, "efi");
}

TEST(Normalizers, NameAnUnknownType) {
  EXPECT_THAT(([] { make_normalizer({{"type", "Mystery"}}, "here"); }),
              fails_with(ErrorCode::unsupported_model, "Mystery"));
}

TEST(Normalizers, RefuseWhatIsNoComponent) {
  for (const Json& json : {Json("NFC"), Json(3), Json::array(), Json{{"kind", "NFC"}}}) {
    EXPECT_THROW(make_normalizer(json, "here"), Error) << json;
  }
  EXPECT_EQ(make_normalizer(nullptr, "here"), nullptr);
}

}  // namespace
}  // namespace tastevin::tokenizer
