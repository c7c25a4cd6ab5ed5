#include "prepare/hub/repository.h"

#include <gtest/gtest.h>

#include "support/fails_with.h"

namespace tastevin::hub {
namespace {

TEST(ParseRepository, TakesIdAndRevisionApart) {
  const Repository repository = parse_repository("org/name@v1.0");

  EXPECT_EQ(repository.id, "org/name");
  EXPECT_EQ(repository.revision, "v1.0");
}

TEST(ParseRepository, TakesMainWithoutARevision) { EXPECT_EQ(parse_repository("name").revision, "main"); }

TEST(ParseRepository, TakesARevisionWithSlashes) {
  EXPECT_EQ(parse_repository("org/name@refs/pr/1").revision, "refs/pr/1");
}

TEST(ParseRepository, RefusesARevisionThatLeavesItsFolder) {
  for (const char* name : {"a/b@", "a/b@..", "a/b@../x", "a/b@x/../../y", "a/b@/etc", "a/b@x//y", "a/b@x\ny"}) {
    EXPECT_THAT([&] { parse_repository(name); }, fails_with(ErrorCode::invalid_argument, "after '@'")) << name;
  }
}

TEST(IsRepositoryId, HoldsForOneOrTwoNames) {
  for (const char* id : {"foo", "foo/bar", "123", "Foo-BAR_foo.bar123", "_a/b_"})
    EXPECT_TRUE(is_repository_id(id)) << id;
}

TEST(IsRepositoryId, FailsForWhatTheHubRefuses) {
  for (const char* id :
       {"", "datasets/foo/bar", ".repo", "foo--bar", "foo.git", "a..b", "-a", "a/", "/a", "a b", "a/b.", "é"})
    EXPECT_FALSE(is_repository_id(id)) << id;
}

TEST(IsRepositoryId, FailsAbove96Bytes) {
  EXPECT_TRUE(is_repository_id(std::string(96, 'a')));
  EXPECT_FALSE(is_repository_id(std::string(97, 'a')));
}

TEST(IsPathInside, FailsForPathsThatLeaveTheirFolder) {
  for (const char* path : {"", ".", "..", "a/..", "../a", "/a", "a//b", "a/", "a\\b", "a/./b", "a\x01"})
    EXPECT_FALSE(is_path_inside(path)) << path;
}

TEST(IsPathInside, HoldsForFilesInFolders) {
  for (const char* path : {"a", "onnx/model.onnx", "..a", "a..b/c", ".gitattributes"})
    EXPECT_TRUE(is_path_inside(path)) << path;
}

TEST(IsCommit, HoldsFor40LowerCaseHexadecimalDigits) {
  EXPECT_TRUE(is_commit("0123456789abcdef0123456789abcdef01234567"));
  EXPECT_FALSE(is_commit("0123456789ABCDEF0123456789abcdef01234567"));
  EXPECT_FALSE(is_commit("0123456"));
}

TEST(PercentEncoded, EscapesAllButUnreservedCharacters) { EXPECT_EQ(percent_encoded("a/b c~é"), "a%2Fb%20c~%C3%A9"); }

}  // namespace
}  // namespace tastevin::hub
