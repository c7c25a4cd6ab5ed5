#include "apps/server/wanted.h"

#include <gtest/gtest.h>

#include "support/fails_with.h"

namespace tastevin::server {
namespace {

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

}  // namespace
}  // namespace tastevin::server
