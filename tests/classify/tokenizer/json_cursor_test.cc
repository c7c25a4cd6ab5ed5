#include "classify/tokenizer/json_cursor.h"

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"
#include "support/fails_with.h"

namespace tastevin::tokenizer {
namespace {

JsonCursor over(std::string_view text) { return {text, "test"}; }

/// The code of the error that reading `text` as one string gives.
ErrorCode error_of_string(std::string_view text) {
  return code_of_failure([text] { over(text).string(); });
}

TEST(JsonCursor, WalksOverAnObject) {
  JsonCursor cursor = over(R"( { "a" : 1 , "b" : -2 } )");
  std::string seen;

  cursor.enter_object();
  for (std::string_view key; cursor.next_key(key);) seen += std::string(key) + std::to_string(cursor.integer());
  cursor.expect_end();

  EXPECT_EQ(seen, "a1b-2");
}

TEST(JsonCursor, WalksOverNestedArrays) {
  JsonCursor cursor = over(R"([["x", -1.5], ["y", 2e1]])");
  double sum = 0;

  cursor.enter_array();
  while (cursor.next_element()) {
    cursor.enter_array();
    ASSERT_TRUE(cursor.next_element());
    cursor.string();
    ASSERT_TRUE(cursor.next_element());
    sum += cursor.real();
    ASSERT_FALSE(cursor.next_element());
  }

  EXPECT_DOUBLE_EQ(sum, 18.5);
}

TEST(JsonCursor, ReadsEmptyContainers) {
  std::string_view key;
  JsonCursor object = over("{}");
  object.enter_object();
  EXPECT_FALSE(object.next_key(key));
  JsonCursor array = over("[ ]");
  array.enter_array();
  EXPECT_FALSE(array.next_element());
}

TEST(JsonCursor, UnescapesStrings) {
  EXPECT_EQ(over(R"("a\"\\\/\b\f\n\r\t\u00e9\u2581")").string(), "a\"\\/\b\f\n\r\t\u00e9\u2581");
}

TEST(JsonCursor, JoinsSurrogatePairs) { EXPECT_EQ(over(R"("\ud83c\udf37")").string(), "\U0001F337"); }

TEST(JsonCursor, KeepsNulInsideAString) { EXPECT_EQ(over(R"("a\u0000b")").string(), std::string_view("a\0b", 3)); }

TEST(JsonCursor, RefusesLoneSurrogates) {
  EXPECT_EQ(error_of_string(R"("\ud83c")"), ErrorCode::bad_checkpoint);
  EXPECT_EQ(error_of_string(R"("\udf37")"), ErrorCode::bad_checkpoint);
  EXPECT_EQ(error_of_string(R"("\ud83cA")"), ErrorCode::bad_checkpoint);
}

TEST(JsonCursor, RefusesCutStrings) {
  for (const char* text : {"\"", "\"ab", "\"a\\", "\"a\\u00", "\"\\x\"", "\"\n\"", "a"}) {
    EXPECT_EQ(error_of_string(text), ErrorCode::bad_checkpoint) << text;
  }
}

TEST(JsonCursor, TakesOutARawValue) {
  JsonCursor cursor = over(R"({"a": {"b": ["}", "\"]"]}, "c": 12})");
  std::string_view key;

  cursor.enter_object();
  ASSERT_TRUE(cursor.next_key(key));
  EXPECT_EQ(cursor.raw_value(), R"({"b": ["}", "\"]"]})");
  ASSERT_TRUE(cursor.next_key(key));
  EXPECT_EQ(cursor.raw_value(), "12");
  EXPECT_FALSE(cursor.next_key(key));
}

TEST(JsonCursor, RefusesARawValueThatNeverEnds) {
  for (const char* text : {"", "[", "{\"a\":", "\"abc", "]", ",", "[[[\"a\\\"]]]"}) {
    EXPECT_THROW(over(text).raw_value(), Error) << text;
  }
}

TEST(JsonCursor, RefusesDeepNesting) { EXPECT_THROW(over(std::string(100'000, '[')).raw_value(), Error); }

TEST(JsonCursor, RefusesNumbersThatDoNotFit) {
  EXPECT_THROW(over("99999999999999999999").integer(), Error);
  EXPECT_THROW(over("1.5").integer(), Error);
  EXPECT_THROW(over("-").real(), Error);
}

TEST(JsonCursor, NamesTheByte) {
  JsonCursor cursor = over("{\"a\" 1}");
  std::string_view key;
  cursor.enter_object();

  EXPECT_THAT([&] { cursor.next_key(key); }, fails_with(ErrorCode::bad_checkpoint, "byte 5"));
}

}  // namespace
}  // namespace tastevin::tokenizer
