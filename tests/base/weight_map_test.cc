#include "base/weight_map.h"

#include <gmock/gmock.h>

#include "support/fails_with.h"

namespace tastevin {
namespace {

std::map<std::string, std::string> read(const std::string& index) {
  return weight_map_of(parse_json(index, "index"), "index");
}

TEST(WeightMap, NamesTheFileOfEachTensor) {
  EXPECT_THAT(read(R"({"weight_map": {"a": "1.bin", "b": "2.bin"}})"),
              testing::UnorderedElementsAre(testing::Pair("a", "1.bin"), testing::Pair("b", "2.bin")));
}

TEST(WeightMap, RefusesAnIndexThatIsNone) {
  for (const char* index : {"[]", "{}", R"({"weight_map": {}})", R"({"weight_map": {"a": 1}})"})
    EXPECT_THAT([&] { read(index); }, fails_with(ErrorCode::bad_checkpoint, "index")) << index;
}

TEST(WeightMap, RefusesNamesThatLeaveTheFolder) {
  for (const char* file : {"", ".", "..", "../x", "/x", "x/y", R"(x\\y)", R"(x\u0000)"}) {
    EXPECT_THAT([&] { read(R"({"weight_map": {"a": ")" + std::string(file) + "\"}}"); },
                fails_with(ErrorCode::bad_checkpoint, "'a'"))
        << file;
  }
}

}  // namespace
}  // namespace tastevin
