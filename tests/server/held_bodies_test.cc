#include "apps/server/held_bodies.h"

#include <gtest/gtest.h>

namespace tastevin::server {
namespace {

constexpr std::size_t kMost = 100;

TEST(HeldBodies, AreOverTheLimitTogether) {
  const auto all = std::make_shared<HeldBodies>();
  HeldBodies::Share first(all, kMost);
  HeldBodies::Share second(all, kMost);
  first.grow_to(60);
  second.grow_to(40);
  EXPECT_FALSE(second.is_over());
  second.grow_to(41);
  EXPECT_TRUE(second.is_over());
}

TEST(HeldBodies, MayBeOneAlone) {
  HeldBodies::Share only(std::make_shared<HeldBodies>(), kMost);
  only.grow_to(kMost + 1);
  EXPECT_FALSE(only.is_over());
}

TEST(HeldBodies, AreGivenBackWithTheirRequest) {
  const auto all = std::make_shared<HeldBodies>();
  HeldBodies::Share first(all, kMost);
  first.grow_to(60);
  {
    HeldBodies::Share second(all, kMost);
    second.grow_to(60);
    EXPECT_TRUE(first.is_over());
  }
  EXPECT_FALSE(first.is_over());
}

}  // namespace
}  // namespace tastevin::server
