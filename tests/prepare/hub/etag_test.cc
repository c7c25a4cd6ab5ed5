#include "prepare/hub/etag.h"

#include <gtest/gtest.h>

namespace tastevin::hub {
namespace {

// FIPS 180-2, appendix B.1.
TEST(DigestOfEtag, OfALargeFileIsSha256) {
  auto digest = digest_of_etag(std::string(64, '0'), 3);

  digest->update("a");
  digest->update("bc");

  EXPECT_EQ(digest->hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

// `printf 'hello\n' | git hash-object --stdin`
TEST(DigestOfEtag, OfAnotherFileIsTheBlobIdOfGit) {
  auto digest = digest_of_etag(std::string(40, '0'), 6);

  digest->update("hello\n");

  EXPECT_EQ(digest->hex(), "ce013625030ba8dba906f756967f9e9ca394464a");
}

TEST(DigestOfEtag, IsNoneForAnEtagOfAnotherForm) {
  EXPECT_FALSE(digest_of_etag("686897696a7c876b7e", 3));
  EXPECT_FALSE(digest_of_etag(std::string(64, 'G'), 3));
}

}  // namespace
}  // namespace tastevin::hub
