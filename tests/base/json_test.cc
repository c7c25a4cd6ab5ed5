#include "base/json.h"

#include <gtest/gtest.h>

#include <cstdint>

#include "support/fails_with.h"
#include "support/temporary_folder.h"

namespace tastevin {
namespace {

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(ParseJson, ReadsEveryKindOfValue) {
  const Json value = parse_json(R"({"a": [null, true, -3, 4, 2.5, "é\u00e9"], "b": {}, "c": []})", "test");

  EXPECT_EQ(value, Json({{"a", {nullptr, true, -3, 4, 2.5, "éé"}}, {"b", Json::object()}, {"c", Json::array()}}));
}

TEST(ParseJson, AgreesWithTheLibrarysOwnParser) {
  constexpr const char* kText = R"([{"x":{"y":[[],[{"z":1}],{}]},"w":"\ud83c\udf37"},[1,[2,[3]]],"",0,-0,1e3,{"":""}])";

  EXPECT_EQ(parse_json(kText, "test"), Json::parse(kText));
}

TEST(ParseJson, ReadsAValueThatIsNoContainer) { EXPECT_EQ(parse_json(" 7 ", "test"), 7); }

TEST(ParseJson, KeepsNumbersThatNoIntegerHolds) {
  EXPECT_EQ(parse_json("1000000000000000019884624838656", "test").get<double>(), 1000000000000000019884624838656.0);
}

TEST(ParseJson, KeepsLargeUnsignedNumbersExact) {
  EXPECT_EQ(parse_json("18446744073709551615", "test").get<std::uint64_t>(), 18446744073709551615U);
}

// safetensors/safetensors#401: the second of two equal keys was taken, and a later check complained of something else.
TEST(ParseJson, NamesADuplicateKey) {
  EXPECT_THAT([] { parse_json(R"({"w": 1, "v": 2, "w": 3})", "test"); },
              fails_with(ErrorCode::bad_checkpoint, "duplicate key 'w'"));
}

TEST(ParseJson, FindsADuplicateKeyDeepInside) {
  EXPECT_THAT([] { parse_json(R"([0, {"a": {"b": [{"k": 1, "k": 1}]}}])", "test"); },
              fails_with(ErrorCode::bad_checkpoint, "duplicate key 'k'"));
}

TEST(ParseJson, AllowsTheSameKeyInDifferentObjects) {
  EXPECT_NO_THROW(parse_json(R"({"k": {"k": 1}, "a": [{"k": 1}, {"k": 2}]})", "test"));
}

TEST(ParseJson, ReadsUpToTheDepthLimit) { EXPECT_NO_THROW(parse_json(nested(64), "test")); }

TEST(ParseJson, RefusesWhatIsNestedDeeper) {
  EXPECT_THAT([] { parse_json(nested(65), "test"); }, fails_with(ErrorCode::bad_checkpoint, "deeper than 64"));
  EXPECT_THAT([] { parse_json(std::string(1'000'000, '['), "test"); }, fails_with(ErrorCode::bad_checkpoint, "deeper"));
}

TEST(ParseJson, CountsOnlyOpenContainersAsDepth) {
  std::string text = "[";
  for (int i = 0; i < 1000; ++i) text += "[{}],";

  EXPECT_NO_THROW(parse_json(text + "0]", "test"));
}

TEST(ParseJson, NamesThePlaceAndTheByteOfAFault) {
  EXPECT_THAT([] { parse_json(R"({"a" 1})", "config.json"); }, fails_with(ErrorCode::bad_checkpoint, "config.json"));
  EXPECT_THAT([] { parse_json(R"({"a" 1})", "config.json"); }, fails_with(ErrorCode::bad_checkpoint, "byte 6"));
}

TEST(ParseJson, RefusesWhatIsNotOneWholeValue) {
  for (const char* text :
       {"", " ", "{", "[1,]", "{} {}", "1 2", "nul", "NaN", "'a'", "{1:2}", "[1", "\"a", "// a\n1"}) {
    EXPECT_THAT([&] { parse_json(text, "test"); }, fails_with(ErrorCode::bad_checkpoint, "not valid JSON")) << text;
  }
}

// The library's parser ends at a NUL and accepts whatever comes after it.
TEST(ParseJson, RefusesANulWhereverItStands) {
  for (const std::string& text :
       {std::string("{}\0", 3), std::string("{}\0 {", 5), std::string("\0", 1), std::string("\"\0\"", 3)}) {
    EXPECT_THAT([&] { parse_json(text, "test"); }, fails_with(ErrorCode::bad_checkpoint, "not valid JSON at byte"));
  }
}

TEST(ParseJson, KeepsAnEscapedNul) { EXPECT_EQ(parse_json(R"("a\u0000b")", "test"), std::string("a\0b", 3)); }

TEST(ParseJson, RefusesInvalidUtf8) {
  EXPECT_THAT([] { parse_json("\"\xFF\"", "test"); }, fails_with(ErrorCode::bad_checkpoint, "not valid JSON"));
}

TEST(ParseJson, RefusesALoneSurrogate) {
  EXPECT_THAT([] { parse_json(R"("\ud83d")", "test"); }, fails_with(ErrorCode::bad_checkpoint, "not valid JSON"));
}

TEST(ParseJson, RefusesANumberBeyondTheRangeOfDouble) {
  EXPECT_THAT([] { parse_json("1e999", "test"); }, fails_with(ErrorCode::bad_checkpoint, "larger than any double"));
}

TEST(ParseJson, RefusesEveryTruncationOfAnObject) {
  const std::string text = R"({"a": [1, 2.5, "\u00e9\n"], "b": {"c": true}})";
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_THROW(parse_json(std::string_view(text).substr(0, length), "test"), Error) << length;
  }
}

TEST(ReadJsonObject, ReadsAFile) {
  const TemporaryFolder folder;

  EXPECT_EQ(read_json_object(folder.write("a.json", R"({"a": 1})"))["a"], 1);
}

TEST(ReadJsonObject, RefusesAValueThatIsNoObject) {
  const TemporaryFolder folder;
  const auto path = folder.write("a.json", "[]");

  EXPECT_THAT([&] { read_json_object(path); }, fails_with(ErrorCode::bad_checkpoint, "a.json"));
}

TEST(ReadJsonObject, RefusesAFileOverTheLimit) {
  const TemporaryFolder folder;
  const auto path = folder.write("a.json", R"({"a":1})");

  EXPECT_NO_THROW(read_json_object(path, 7));
  EXPECT_THAT([&] { read_json_object(path, 6); }, fails_with(ErrorCode::too_large, "at most 6"));
}

TEST(ReadJsonObject, OfAMissingFileSaysSo) {
  EXPECT_THAT([] { read_json_object("/nowhere/a.json"); }, fails_with(ErrorCode::not_found, "a.json"));
}

TEST(FindMember, TreatsNullAsAbsent) {
  const Json object = {{"a", nullptr}, {"b", 0}};

  EXPECT_EQ(find_member(object, "a"), nullptr);
  EXPECT_EQ(find_member(object, "c"), nullptr);
  EXPECT_NE(find_member(object, "b"), nullptr);
}

TEST(TypedMembers, GiveTheirValue) {
  const Json object = {{"b", true}, {"s", "x"}, {"n", 0.5}, {"i", 7}};

  EXPECT_EQ(bool_or(object, "b", false, "test"), true);
  EXPECT_EQ(string_or(object, "s", "", "test"), "x");
  EXPECT_EQ(number_or(object, "n", 0, "test"), 0.5);
  EXPECT_EQ(number_or(object, "i", 0, "test"), 7);
  EXPECT_EQ(size_or(object, "i", 0, "test"), 7U);
}

TEST(TypedMembers, FallBackWhenAbsentOrNull) {
  const Json object = {{"null", nullptr}};

  EXPECT_EQ(bool_or(object, "absent", true, "test"), true);
  EXPECT_EQ(string_or(object, "null", "x", "test"), "x");
  EXPECT_EQ(number_or(object, "absent", 0.5, "test"), 0.5);
  EXPECT_EQ(size_or(object, "null", 7, "test"), 7U);
}

TEST(TypedMembers, OfAnotherTypeAreRefusedWithKeyAndValue) {
  const Json object = {{"key", "value"}, {"number", 1}};

  EXPECT_THAT([&] { bool_or(object, "key", true, "test"); }, fails_with(ErrorCode::bad_checkpoint, "'key'"));
  EXPECT_THAT([&] { number_or(object, "key", 0, "test"); }, fails_with(ErrorCode::bad_checkpoint, "value"));
  EXPECT_THAT([&] { size_or(object, "key", 0, "test"); }, fails_with(ErrorCode::bad_checkpoint, "whole number"));
  EXPECT_THAT([&] { string_or(object, "number", "", "test"); }, fails_with(ErrorCode::bad_checkpoint, "a string"));
}

// What a client sent wrong was said to be a damaged checkpoint.
TEST(BoolOr, FailsAsTheSourceSays) {
  const JsonSource body{"body", ErrorCode::invalid_argument};
  EXPECT_THAT([&] { bool_or({{"key", 1}}, "key", true, body); },
              fails_with(ErrorCode::invalid_argument, "body: 'key'"));
  EXPECT_THAT([&] { require_string(Json::object(), "key", body); },
              fails_with(ErrorCode::invalid_argument, "no 'key'"));
}

TEST(SizeOr, TakesAWholeNumberThatIsSpelledAsAFloat) { EXPECT_EQ(size_or({{"n", 512.0}}, "n", 0, "test"), 512U); }

TEST(SizeOr, RefusesWhatIsNoWholeNumberWithinTheLimit) {
  for (const Json& value : {Json(-1), Json(2.5), Json(101), Json(1e30), Json(-0.5), Json(true), Json("7")}) {
    EXPECT_THAT([&] { size_or({{"n", value}}, "n", 0, "test", 100); },
                fails_with(ErrorCode::bad_checkpoint, "0 to 100"));
  }
}

// 2^64 as a double is not a size, and converting it would be undefined.
TEST(SizeOr, RefusesAFloatThatNoSizeHoldsEvenWithoutALimit) {
  EXPECT_THROW(size_or({{"n", 18446744073709551616.0}}, "n", 0, "test", SIZE_MAX), Error);
  EXPECT_EQ(size_or({{"n", UINT64_MAX}}, "n", 0, "test", SIZE_MAX), SIZE_MAX);
}

TEST(RequiredMembers, AreMissedByName) {
  const Json object = {{"null", nullptr}};

  EXPECT_THAT([&] { require_member(object, "null", "test"); }, fails_with(ErrorCode::bad_checkpoint, "no 'null'"));
  EXPECT_THAT([&] { require_size(object, "dim", "test"); }, fails_with(ErrorCode::bad_checkpoint, "no 'dim'"));
  EXPECT_THAT([&] { require_string(object, "null", "test"); }, fails_with(ErrorCode::bad_checkpoint, "no 'null'"));
}

TEST(RequiredMembers, GiveTheirValue) {
  const Json object{{"ids", {1, 2}}};

  EXPECT_EQ(require_member(object, "ids", "test"), Json::array({1, 2}));
  EXPECT_EQ(require_size({{"dim", 768}}, "dim", "test"), 768U);
  EXPECT_EQ(require_string({{"type", "bert"}}, "type", "test"), "bert");
}

TEST(QuotedJson, CutsALongValue) {
  EXPECT_EQ(quoted_json(Json(std::string(100, 'a'))), "'\"" + std::string(59, 'a') + "...'");
}

TEST(Dumped, RepairsTextAndIndentsWhenAsked) {
  EXPECT_EQ(dumped(Json{{"a", "\xFF"}}), "{\"a\":\"\uFFFD\"}");
  EXPECT_EQ(dumped(Json{{"a", 1}}, 2), "{\n  \"a\": 1\n}");
  EXPECT_EQ(dumped({{"z", true}, {"a", 0.1F}}), R"({"z":true,"a":0.1})");
}

TEST(AnswerJson, KeepsTheOrderOfItsMembers) {
  AnswerJson answer;
  answer["z"] = 1;
  answer["a"] = 2;

  EXPECT_EQ(answer.dump(), R"({"z":1,"a":2})");
}

TEST(AnswerJson, PrintsAFloatWithTheFewestDigits) { EXPECT_EQ(AnswerJson(0.1F).dump(), "0.1"); }

}  // namespace
}  // namespace tastevin
