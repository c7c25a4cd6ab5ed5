#include "prepare/checkpoint/config_labels.h"

#include <gtest/gtest.h>

#include "support/fails_with.h"

namespace tastevin::checkpoint {
namespace {

using Names = std::vector<std::string>;

Names names_of(const std::string& json) { return read_labels(parse_json(json, "test"), 2, "config.json").names; }

bool declared(const std::string& json) { return read_labels(parse_json(json, "test"), 2, "config.json").declared; }

auto reading(const std::string& json) {
  return [json] { names_of(json); };
}

TEST(ReadLabels, OrdersLabelsByTheirNumber) {
  EXPECT_EQ(
      names_of(
          R"({"id2label":{"10":"k","2":"c","0":"a","1":"b","3":"d","4":"e","5":"f","6":"g","7":"h","8":"i","9":"j"}})"),
      (Names{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"}));
}

// modelscope/ms-swift#9539: the top of three logits was given the last name in the map.
TEST(ReadLabels, NumbersTheLabelsInTheHoles) {
  EXPECT_EQ(names_of(R"({"id2label":{"0":"a","2":"c"}})"), (Names{"a", "LABEL_1", "c"}));
}

TEST(ReadLabels, NumbersTheLabelsBeforeTheFirst) {
  EXPECT_EQ(names_of(R"({"id2label":{"1":"b"}})"), (Names{"LABEL_0", "b"}));
}

// guillaume-be/rust-bert#416
TEST(ReadLabels, FallsBackToNumberedLabels) {
  EXPECT_EQ(names_of("{}"), (Names{"LABEL_0", "LABEL_1"}));
  EXPECT_EQ(names_of(R"({"id2label":null,"num_labels":null})"), (Names{"LABEL_0", "LABEL_1"}));
}

TEST(ReadLabels, CountsNumberedLabelsByNumLabels) {
  EXPECT_EQ(names_of(R"({"num_labels":3})"), (Names{"LABEL_0", "LABEL_1", "LABEL_2"}));
  EXPECT_EQ(names_of(R"({"num_labels":1})"), Names{"LABEL_0"});
}

TEST(ReadLabels, LetsId2labelWinOverNumLabels) {
  EXPECT_EQ(names_of(R"({"id2label":{"0":"a","1":"b"},"num_labels":3})"), (Names{"a", "b"}));
  EXPECT_EQ(names_of(R"({"id2label":{"0":"a","1":"b","2":"c"},"num_labels":2})"), (Names{"a", "b", "c"}));
}

TEST(ReadLabels, IgnoresLabel2idAsTransformersDoes) {
  EXPECT_EQ(names_of(R"({"label2id":{"a":0,"b":1,"c":2}})"), (Names{"LABEL_0", "LABEL_1"}));
}

TEST(ReadLabels, SaysWhetherTheConfigFixesTheirNumber) {
  EXPECT_TRUE(declared(R"({"id2label":{"0":"a"}})"));
  EXPECT_TRUE(declared(R"({"num_labels":3})"));
  EXPECT_FALSE(declared(R"({"label2id":{"a":0}})"));
}

TEST(ReadLabels, ReadsKeysAsPythonsIntDoes) {
  EXPECT_EQ(names_of(R"({"id2label":{" 0\n":"a","+1":"b","002":"c"}})"), (Names{"a", "b", "c"}));
}

TEST(ReadLabels, RefusesKeysThatAreNoId) {
  for (const char* key :
       {"a", "", " ", "+", "1.0", "-1", "0x1", "1 2", "++1", "1_0", "100000", "99999999999999999999"}) {
    EXPECT_THAT(reading(R"({"id2label":{")" + std::string(key) + R"(":"x"}})"), refused("ids from 0 to 99999")) << key;
  }
}

TEST(ReadLabels, ReadsTheLargestId) { EXPECT_EQ(names_of(R"({"id2label":{"99999":"last"}})").size(), kMaxLabels); }

TEST(ReadLabels, RefusesAnIdGivenTwice) {
  EXPECT_THAT(reading(R"({"id2label":{"0":"a","00":"b"}})"), refused("id 0 is given twice"));
}

TEST(ReadLabels, SpellsNumbersAndTruthValuesAsJsonDoes) {
  EXPECT_EQ(names_of(R"({"id2label":{"0":0,"1":-1.5,"2":true,"3":null}})"), (Names{"0", "-1.5", "true", "LABEL_3"}));
}

TEST(ReadLabels, RefusesALabelWithParts) {
  EXPECT_THAT(reading(R"({"id2label":{"0":["a"]}})"), refused("id 0: expected a string"));
}

TEST(ReadLabels, KeepsEmptyAndEqualLabels) {
  EXPECT_EQ(names_of(R"({"id2label":{"0":"","1":"x","2":"x"}})"), (Names{"", "x", "x"}));
}

TEST(ReadLabels, RefusesAMapThatIsNone) {
  for (const char* map : {R"(["a","b"])", "{}", "7", "\"a\""}) {
    EXPECT_THAT(reading(R"({"id2label":)" + std::string(map) + "}"), refused("'id2label'")) << map;
  }
}

TEST(ReadLabels, RefusesACountThatIsNone) {
  for (const char* count : {"0", "-1", "2.5", "\"3\"", "true", "100001"}) {
    EXPECT_THAT(reading(R"({"num_labels":)" + std::string(count) + "}"), refused("'num_labels'")) << count;
  }
}

TEST(NumberedLabels, CountFromZero) { EXPECT_EQ(numbered_labels(2), (Names{"LABEL_0", "LABEL_1"})); }

}  // namespace
}  // namespace tastevin::checkpoint
