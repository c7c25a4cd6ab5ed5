#include "apps/server/api_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fails_with.h"
#include "support/temporary_folder.h"

namespace tastevin::server {
namespace {

TEST(ApiKeys, OpenToTheirBearers) {
  const TemporaryFolder folder;
  const ApiKeys keys = ApiKeys::read(folder.write("keys", "# staff\nfirst\r\n\nsecond \n"));

  EXPECT_TRUE(keys.open_to("Bearer first"));
  EXPECT_TRUE(keys.open_to("Bearer second"));
  EXPECT_TRUE(keys.open_to("bearer first")) << "a scheme is read in any case";
  EXPECT_FALSE(keys.open_to("bearer First")) << "a key is not";
  for (const char* header : {"", "Bearer", "Bearer ", "Bearer firs", "Bearer # staff", "first", "Basic first"})
    EXPECT_FALSE(keys.open_to(header)) << header;
}

TEST(ApiKeys, OfNobodyAreOpenToAll) { EXPECT_TRUE(ApiKeys().open_to("")); }

TEST(ApiKeys, NeedAFileWithAKey) {
  const TemporaryFolder folder;
  EXPECT_THAT([&] { ApiKeys::read(folder.write("keys", "# none\n")); },
              fails_with(ErrorCode::invalid_argument, "keys"));
  EXPECT_THAT([&] { ApiKeys::read(folder / "none"); }, fails_with(ErrorCode::not_found, "none"));
  EXPECT_THAT([&] { ApiKeys::read(folder.path()); }, fails_with(ErrorCode::not_found, "cannot be read"));
}

TEST(ApiKeys, AreAFewAndNotAllThatAFileHolds) {
  EXPECT_THAT([] { ApiKeys::read("/dev/zero"); }, fails_with(ErrorCode::too_large, "at most 1048576 bytes"));
}

}  // namespace
}  // namespace tastevin::server
