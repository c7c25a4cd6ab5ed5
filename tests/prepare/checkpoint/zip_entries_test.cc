#include "prepare/checkpoint/zip_entries.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "support/fails_with.h"

namespace tastevin::checkpoint {
namespace {

using namespace std::string_literals;

std::string number(std::uint64_t value, std::size_t size) { return {reinterpret_cast<const char*>(&value), size}; }

struct ZipFields {
  std::string name = "a";
  std::string bytes = "xyz";
  std::uint64_t method = 0, flags = 0;
  std::uint64_t stored = 3, size = 3, header = 0;
  std::string extra;
};

std::string local_of(const ZipFields& entry) {
  return "PK\x03\x04"s + std::string(22, '\0') + number(entry.name.size(), 2) + number(0, 2) + entry.name + entry.bytes;
}

std::string central_of(const ZipFields& entry) {
  return "PK\x01\x02"s + std::string(4, '\0') + number(entry.flags, 2) + number(entry.method, 2) +
         std::string(8, '\0') + number(entry.stored, 4) + number(entry.size, 4) + number(entry.name.size(), 2) +
         number(entry.extra.size(), 2) + std::string(10, '\0') + number(entry.header, 4) + entry.name + entry.extra;
}

std::string end_of(std::uint64_t entries, std::uint64_t bytes, std::uint64_t begin) {
  return "PK\x05\x06"s + std::string(4, '\0') + number(entries, 2) + number(entries, 2) + number(bytes, 4) +
         number(begin, 4) + number(0, 2);
}

std::string zip_of(const ZipFields& entry) {
  const std::string local = local_of(entry);
  const std::string central = central_of(entry);
  return local + central + end_of(1, central.size(), local.size());
}

/// The same with a zip64 end, to which the short one leaves all its numbers.
std::string zip64_of(const ZipFields& entry) {
  const std::string local = local_of(entry);
  const std::string central = central_of(entry);
  const std::string end64 =
      "PK\x06\x06" + std::string(28, '\0') + number(1, 8) + number(central.size(), 8) + number(local.size(), 8);
  const std::string locator = "PK\x06\x07"s + number(0, 4) + number(local.size() + central.size(), 8) + number(1, 4);
  return local + central + end64 + locator + end_of(0xffff, 0xffffffff, 0xffffffff);
}

auto reading(const std::string& archive) {
  return [archive] { read_zip(archive, "test"); };
}

TEST(ReadZip, FindsTheBytesOfAnEntry) {
  const std::string archive = zip_of({});

  EXPECT_EQ(read_zip(archive, "test").at("a"), "xyz");
}

TEST(ReadZip, ReadsAnArchiveWithoutEntries) { EXPECT_TRUE(read_zip(end_of(0, 0, 0), "test").empty()); }

TEST(ReadZip, AllowsACommentAtTheEnd) {
  std::string archive = zip_of({}) + "comment";
  archive[archive.size() - 9] = 7;

  EXPECT_EQ(read_zip(archive, "test").size(), 1U);
}

TEST(ReadZip, TakesSizesFromZip64) {
  ZipFields entry;
  entry.stored = entry.size = entry.header = 0xffffffff;
  entry.extra = number(0x5455, 2) + number(1, 2) + "t" + number(1, 2) + number(24, 2) + number(3, 8) + number(3, 8) +
                number(0, 8);
  const std::string archive = zip64_of(entry);

  EXPECT_EQ(read_zip(archive, "test").at("a"), "xyz");
}

TEST(ReadZip, RefusesASizeThatZip64ShouldHave) {
  ZipFields entry;
  entry.stored = entry.size = 0xffffffff;
  EXPECT_THAT(reading(zip_of(entry)), refused("no zip64 size"));
  entry.extra = number(1, 2) + number(8, 2) + number(3, 8);
  EXPECT_THAT(reading(zip_of(entry)), refused("no zip64 size"));
}

TEST(ReadZip, RefusesAnEntryThatLeavesTheFile) {
  ZipFields entry;
  entry.stored = entry.size = 1000;
  EXPECT_THAT(reading(zip_of(entry)), refused("entry 'a': 1000 bytes"));
  entry.stored = entry.size = 0xffffffff;
  entry.extra = number(1, 2) + number(16, 2) + number(UINT64_MAX - 20, 8) + number(UINT64_MAX - 20, 8);
  EXPECT_THAT(reading(zip_of(entry)), refused("leave the file"));
}

TEST(ReadZip, RefusesAHeaderOutsideTheFile) {
  ZipFields entry;
  entry.header = 5000;
  EXPECT_THAT(reading(zip_of(entry)), refused("leave the file"));
  entry.header = 0xffffffff;
  entry.extra = number(1, 2) + number(8, 2) + number(UINT64_MAX - 3, 8);
  EXPECT_THAT(reading(zip_of(entry)), refused("leave the file"));
}

TEST(ReadZip, RefusesCompressionAndEncryptionByName) {
  EXPECT_THAT(reading(zip_of({.method = 8, .extra = {}})), refused("'a': expected stored bytes, found compression"));
  EXPECT_THAT(reading(zip_of({.flags = 1, .extra = {}})), refused("'a' is encrypted"));
}

TEST(ReadZip, RefusesTwoSizes) { EXPECT_THAT(reading(zip_of({.stored = 2, .extra = {}})), refused("sizes differ")); }

TEST(ReadZip, RefusesTwoNamesOfAnEntry) {
  std::string archive = zip_of({});
  archive[30] = 'b';

  EXPECT_THAT(reading(archive), refused("another name"));
}

TEST(ReadZip, RefusesTwoEntriesOfAName) {
  const std::string local = local_of({});
  const std::string central = central_of({}) + central_of({});

  EXPECT_THAT(reading(local + central + end_of(2, central.size(), local.size())), refused("two entries 'a'"));
}

TEST(ReadZip, RefusesADirectoryThatIsNotThere) {
  EXPECT_THAT(reading(end_of(1, 0, 0)), refused("fewer entries"));
  EXPECT_THAT(reading(end_of(1, 46, 9)), refused("directory: 46 bytes from byte 9 leave the file"));
  EXPECT_THAT(reading(end_of(0xffff, 0, 0)), refused("no zip64 locator"));
  EXPECT_THAT(reading(std::string(20, '\0') + end_of(0xffff, 0, 0)), refused("zip64 locator"));
}

TEST(ReadZip, RefusesAFileWithoutAnEnd) {
  EXPECT_THAT(reading(""), refused("cut short"));
  EXPECT_THAT(reading(std::string(200'000, 'P')), refused("cut short"));
}

}  // namespace
}  // namespace tastevin::checkpoint
