#include "work/tables/json_members.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tastevin::tables {
namespace {

std::vector<std::string> values_of(std::string_view object) {
  std::vector<std::string> values;
  for (const JsonMember& member : json_members(object))
    values.push_back(member.name + "=" + std::string(member.value(object)));
  return values;
}

TEST(JsonMembers, KeepTheirOrderAndTheirBytes) {
  EXPECT_THAT(values_of(R"( {"n": 1.10 ,"big":12345678901234567890123, "a":[1,{"b":"]}"}],"t" : "x\"}," } )"),
              ::testing::ElementsAre("n=1.10", "big=12345678901234567890123", R"(a=[1,{"b":"]}"}])", R"(t="x\"},")"));
  EXPECT_THAT(values_of(R"({"\u0061":null})"), ::testing::ElementsAre("a=null"));
  EXPECT_THAT(values_of("{ }"), ::testing::IsEmpty());
}

TEST(CellOf, IsTheTextOfAStringAndTheBytesOfOthers) {
  EXPECT_EQ(cell_of(R"("a \"b\"\n")"), "a \"b\"\n");
  EXPECT_EQ(cell_of(R"("null")"), "null");
  EXPECT_EQ(cell_of("null"), "");
  EXPECT_EQ(cell_of("1.10"), "1.10");
}

}  // namespace
}  // namespace tastevin::tables
