#include "apps/server/wanted.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fails_with.h"

namespace tastevin::server {
namespace {

using ::testing::ElementsAre;

const std::vector<std::string> kTexts{"a", "b", "c"};

TEST(Wanted, WorkIsWhileSomebodyWaits) {
  EXPECT_NO_THROW(Wanted{}.check());
  EXPECT_NO_THROW(Wanted{.deadline = std::chrono::steady_clock::time_point::max()}.check());
}

TEST(Wanted, WorkIsNotAnyMoreWhenItIsLateOrTheClientIsGoneOrTheServerEnds) {
  std::stop_source stopped;
  stopped.request_stop();
  const Wanted late{.deadline = std::chrono::steady_clock::time_point::min()};
  const Wanted gone{.gone = stopped.get_token()};
  const Wanted closing{.closing = stopped.get_token()};
  EXPECT_THAT([&] { late.check(); }, fails_with(ErrorCode::deadline, "deadline"));
  EXPECT_THAT([&] { gone.check(); }, fails_with(ErrorCode::deadline, "gone"));
  EXPECT_THAT([&] { closing.check(); }, fails_with(ErrorCode::unavailable, "shut down"));
}

TEST(OneByOne, RunsEachTextAfterTheOther) {
  std::vector<std::size_t> sizes;
  const auto run = [&sizes](std::span<const std::string> texts) {
    sizes.push_back(texts.size());
    return std::vector<std::string>(texts.begin(), texts.end());
  };
  EXPECT_EQ(one_by_one(kTexts, {}, run), kTexts);
  EXPECT_THAT(sizes, ElementsAre(0, 1, 1, 1));
}

TEST(OneByOne, EndsAfterTheTextAtWhichTheClientLeft) {
  std::stop_source client;
  std::vector<std::string> ran;
  const auto run = [&](std::span<const std::string> texts) {
    for (const std::string& text : texts) ran.push_back(text);
    if (ran.size() == 2) client.request_stop();
    return std::vector<std::string>(texts.begin(), texts.end());
  };
  EXPECT_THAT([&] { one_by_one(kTexts, {.gone = client.get_token()}, run); }, fails_with(ErrorCode::deadline, "gone"));
  EXPECT_THAT(ran, ElementsAre("a", "b"));
}

}  // namespace
}  // namespace tastevin::server
