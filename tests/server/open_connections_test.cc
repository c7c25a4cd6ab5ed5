#include "apps/server/open_connections.h"

#include <gtest/gtest.h>

#include <vector>

namespace tastevin::server {
namespace {

class OpenConnectionsTest : public ::testing::Test {
 protected:
  std::unique_ptr<OpenConnections::Place> place(int number) {
    return std::make_unique<OpenConnections::Place>(open_, [this, number] { closed_.push_back(number); });
  }

  std::shared_ptr<OpenConnections> open_ = std::make_shared<OpenConnections>();
  std::vector<int> closed_;
};

TEST_F(OpenConnectionsTest, TheLongestWaitGoesFirst) {
  const auto first = place(1);
  const auto second = place(2);
  second->wait();
  first->wait();
  EXPECT_TRUE(open_->make_room());
  EXPECT_TRUE(open_->make_room());
  EXPECT_EQ(closed_, (std::vector{2, 1}));
  EXPECT_EQ(open_->count(), 0U);
}

TEST_F(OpenConnectionsTest, WorkIsNotInterrupted) {
  const auto first = place(1);
  first->wait();
  first->work();
  EXPECT_FALSE(open_->make_room());
  EXPECT_EQ(open_->count(), 1U);
}

TEST_F(OpenConnectionsTest, OneThatIsGoneIsNotAsked) {
  auto first = place(1);
  first->wait();
  first.reset();
  EXPECT_FALSE(open_->make_room());
  EXPECT_EQ(open_->count(), 0U);
}

TEST_F(OpenConnectionsTest, OneThatWasAskedToGoCountsOnce) {
  auto first = place(1);
  const auto second = place(2);
  first->wait();
  EXPECT_TRUE(open_->make_room());
  first->wait();  // too late
  EXPECT_FALSE(open_->make_room());
  first.reset();
  EXPECT_EQ(open_->count(), 1U);
}

TEST_F(OpenConnectionsTest, APlaceOutlivesTheServer) {
  auto first = place(1);
  const std::weak_ptr<OpenConnections> all = open_;
  first->wait();
  open_.reset();
  first->work();
  EXPECT_FALSE(all.expired());
  first.reset();
  EXPECT_TRUE(all.expired());
}

}  // namespace
}  // namespace tastevin::server
