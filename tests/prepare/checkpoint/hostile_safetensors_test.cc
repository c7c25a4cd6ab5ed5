// Files that were damaged on the way or made to do damage. What is read stays in the file: the address sanitizer's
// build runs these tests too, over buffers of exactly the file's size.

#include <gtest/gtest.h>

#include <random>

#include "prepare/checkpoint/safetensors.h"
#include "support/fails_with.h"
#include "support/safetensors_bytes.h"
#include "tastevin/error.h"

namespace tastevin::checkpoint {
namespace {

constexpr std::string_view kHeader =
    R"({"__metadata__":{"format":"pt"},"a.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},)"
    R"("a.bias":{"dtype":"F16","shape":[3],"data_offsets":[24,30]},)"
    R"("empty":{"dtype":"I64","shape":[0],"data_offsets":[30,30]}})";

std::string whole_file() { return safetensors_bytes(kHeader, std::string(30, 'x')); }

/// The sum of every byte of every tensor that the header claims: reads all that it was allowed to read.
unsigned touch(const std::vector<char>& file) {
  unsigned sum = 0;
  for (const TensorEntry& entry : read_header({file.data(), file.size()}, "test")) {
    for (std::size_t i = 0; i < entry.bytes; ++i) sum += static_cast<unsigned char>(file.at(entry.begin + i));
  }
  return sum;
}

/// Whether the bytes are accepted; anything but acceptance or `Error` ends the test.
bool accepted(const std::string& bytes) {
  try {
    touch({bytes.begin(), bytes.end()});
    return true;
  } catch (const Error&) {
    return false;
  }
}

TEST(HostileSafetensors, TheWholeFileIsAccepted) { EXPECT_TRUE(accepted(whole_file())); }

TEST(HostileSafetensors, EveryTruncationIsRefused) {
  const std::string file = whole_file();
  for (std::size_t length = 0; length < file.size(); ++length) EXPECT_FALSE(accepted(file.substr(0, length))) << length;
}

TEST(HostileSafetensors, EveryAddedByteIsRefused) {
  EXPECT_FALSE(accepted(whole_file() + '\0'));
  EXPECT_FALSE(accepted(whole_file() + whole_file()));
}

TEST(HostileSafetensors, AnyByteFlippedIsReadWithinTheFileOrRefused) {
  const std::string file = whole_file();
  for (std::size_t at = 0; at < file.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string flipped = file;
      flipped[at] = static_cast<char>(static_cast<unsigned char>(flipped[at]) ^ (1U << bit));
      accepted(flipped);
    }
  }
}

TEST(HostileSafetensors, AFlippedTensorByteIsNoMatterForTheHeader) {
  std::string file = whole_file();
  file.back() = '\0';

  EXPECT_TRUE(accepted(file));
}

TEST(HostileSafetensors, ManyBytesChangedAreReadWithinTheFileOrRefused) {
  std::mt19937 random(11);
  const std::string file = whole_file();
  for (int round = 0; round < 50'000; ++round) {
    std::string changed = file;
    for (std::size_t changes = random() % 4; changes != 0; --changes) {
      changed[random() % changed.size()] = static_cast<char>(random() % 256);
    }
    accepted(changed);
  }
}

// Digits for digits keep the header well-formed, so that the numbers themselves are put to the test.
TEST(HostileSafetensors, AnyNumbersInTheHeaderAreReadWithinTheFileOrRefused) {
  std::mt19937 random(13);
  const std::string file = whole_file();
  int kept = 0;
  for (int round = 0; round < 50'000; ++round) {
    std::string changed = file;
    for (std::size_t at = 8; at < 8 + kHeader.size(); ++at) {
      const bool digit = changed[at] >= '0' && changed[at] <= '9';
      if (digit && random() % 8 == 0) changed[at] = static_cast<char>('0' + random() % 10);
    }
    kept += accepted(changed) ? 1 : 0;
  }
  EXPECT_GT(kept, 0);
}

TEST(HostileSafetensors, AHeaderLengthBeyondTheFileIsRefused) {
  for (const std::uint64_t length : {std::uint64_t{3}, std::uint64_t{99'999'999}, std::uint64_t{100'000'000}}) {
    EXPECT_THAT([&] { read_header(safetensors_bytes_of_length(length, "{}", ""), "test"); },
                fails_with(ErrorCode::bad_checkpoint, "end of the file after 2"));
  }
}

TEST(HostileSafetensors, AHeaderLengthBeyondTheLimitIsRefused) {
  for (const std::uint64_t length : {std::uint64_t{100'000'001}, std::uint64_t{1} << 63U, UINT64_MAX - 7, UINT64_MAX}) {
    EXPECT_THAT([&] { read_header(safetensors_bytes_of_length(length, "{}", ""), "test"); },
                fails_with(ErrorCode::bad_checkpoint, "at most 100000000 bytes"));
  }
}

TEST(HostileSafetensors, AHeaderLengthWithinTheHeaderIsRefused) {
  for (std::uint64_t length = 0; length < kHeader.size(); ++length) {
    EXPECT_FALSE(accepted(safetensors_bytes_of_length(length, kHeader, std::string(30, 'x')))) << length;
  }
}

TEST(HostileSafetensors, AFileOfAnotherKindIsRefused) {
  for (const char* file :
       {"<!DOCTYPE html><html></html>", "\x80\x02}q\x01X\x06", "PK\x03\x04 and more", "{\"a\": 1}"}) {
    EXPECT_FALSE(accepted(file));
  }
}

TEST(HostileSafetensors, AGitLfsPointerIsNamedAsSuch) {
  EXPECT_THAT([] { read_header("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "test"); },
              fails_with(ErrorCode::bad_checkpoint, "Git LFS pointer"));
}

TEST(HostileSafetensors, AnEndlessNestingIsRefused) {
  EXPECT_FALSE(accepted(safetensors_bytes(std::string(100'000, '['), "")));
}

TEST(HostileSafetensors, AHugeRankCostsNoMoreThanItsText) {
  std::string ones = "1";
  for (int i = 0; i < 100'000; ++i) ones += ",1";

  EXPECT_TRUE(
      accepted(safetensors_bytes(R"({"w":{"dtype":"U8","shape":[)" + ones + R"(],"data_offsets":[0,1]}})", "x")));
}

TEST(HostileSafetensors, ANameIsShownOnOneLine) {
  EXPECT_THAT([] { read_header(safetensors_bytes(R"({"a\nb":7})", ""), "test"); },
              fails_with(ErrorCode::bad_checkpoint, R"('a\x0ab')"));
}

}  // namespace
}  // namespace tastevin::checkpoint
