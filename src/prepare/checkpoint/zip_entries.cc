#include "prepare/checkpoint/zip_entries.h"

#include <algorithm>
#include <cstdint>

#include "base/error.h"
#include "prepare/checkpoint/bad_checkpoint.h"
#include "prepare/checkpoint/little_endian.h"

namespace tastevin::checkpoint {
namespace {

// Sizes and places of fields are those of PKWARE's APPNOTE, sections 4.3.7 to 4.3.16 and 4.5.3.
constexpr std::size_t kLocalBytes = 30;
constexpr std::size_t kCentralBytes = 46;
constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kLocatorBytes = 20;
constexpr std::size_t kEnd64Bytes = 56;
constexpr std::size_t kMaxComment = 0xffff;
constexpr std::uint64_t kInZip64 = 0xffffffff;  // a size that does not fit: the zip64 extra field has it

struct Directory {
  std::uint64_t entries = 0, bytes = 0, begin = 0;
};

struct Entry {
  std::string_view name;
  std::uint64_t method = 0, flags = 0, stored = 0, size = 0, header = 0;
};

/// Gives the parts of the archive, or says that they are not in it.
class Archive {
 public:
  Archive(std::string_view bytes, const std::string& where) : bytes_(bytes), where_(where) {}

  std::string_view part(std::uint64_t begin, std::uint64_t size, const char* what) const {
    if (begin > bytes_.size() || size > bytes_.size() - begin) {
      fail(std::string(what) + ": " + std::to_string(size) + " bytes from byte " + std::to_string(begin) +
           " leave the file, which has " + std::to_string(bytes_.size()));
    }
    return bytes_.substr(begin, size);
  }

  std::string_view record(std::uint64_t begin, std::size_t size, std::string_view signature, const char* what) const {
    const std::string_view record = part(begin, size, what);
    if (!record.starts_with(signature)) {
      fail(std::string(what) + ": expected at byte " + std::to_string(begin) + ", found something else there");
    }
    return record;
  }

  std::size_t size() const { return bytes_.size(); }
  [[noreturn]] void fail(const std::string& what) const { bad_checkpoint(where_, "zip archive: " + what); }

 private:
  std::string_view bytes_;
  const std::string& where_;
};

/// The end record stands last, before a comment of the length that it says.
std::size_t find_end(const Archive& archive) {
  for (std::size_t comment = 0; comment <= kMaxComment && comment + kEndBytes <= archive.size(); ++comment) {
    const std::size_t begin = archive.size() - kEndBytes - comment;
    const std::string_view end = archive.part(begin, kEndBytes, "end");
    if (end.starts_with("PK\x05\x06") && number_at<2>(end, 20) == comment) return begin;
  }
  archive.fail("expected the end of its directory at the end of the file, found none (is the file cut short?)");
}

Directory find_directory(const Archive& archive) {
  const std::size_t begin = find_end(archive);
  const std::string_view end = archive.part(begin, kEndBytes, "end");
  const Directory directory{number_at<2>(end, 10), number_at<4>(end, 12), number_at<4>(end, 16)};
  const bool zip64 = directory.entries == 0xffff || directory.bytes == kInZip64 || directory.begin == kInZip64;
  if (!zip64) return directory;
  if (begin < kLocatorBytes) archive.fail("no zip64 locator before its end");
  const std::string_view locator = archive.record(begin - kLocatorBytes, kLocatorBytes, "PK\x06\x07", "zip64 locator");
  const std::string_view end64 = archive.record(number_at<8>(locator, 8), kEnd64Bytes, "PK\x06\x06", "zip64 end");
  return {number_at<8>(end64, 32), number_at<8>(end64, 40), number_at<8>(end64, 48)};
}

/// The body of the zip64 field among the extra fields, or nothing.
std::string_view zip64_field(std::string_view extra) {
  while (extra.size() >= 4) {
    const std::uint64_t id = number_at<2>(extra, 0);
    const std::uint64_t size = std::min<std::uint64_t>(number_at<2>(extra, 2), extra.size() - 4);
    if (id == 1) return extra.substr(4, size);
    extra.remove_prefix(4 + size);
  }
  return {};
}

/// The zip64 field has, in this order, the numbers that did not fit, and no other.
void widen(Entry& entry, std::string_view field, const Archive& archive) {
  for (std::uint64_t* number : {&entry.size, &entry.stored, &entry.header}) {
    if (*number != kInZip64) continue;
    if (field.size() < 8) archive.fail("entry " + in_quotes(entry.name, 200) + ": no zip64 size for it");
    *number = number_at<8>(field, 0);
    field.remove_prefix(8);
  }
}

/// Takes the next entry off the directory.
Entry next_entry(std::string_view& directory, const Archive& archive) {
  if (directory.size() < kCentralBytes || !directory.starts_with("PK\x01\x02")) {
    archive.fail("its directory has fewer entries than its end says");
  }
  const std::uint64_t name = number_at<2>(directory, 28);
  const std::uint64_t extra = number_at<2>(directory, 30);
  const std::uint64_t whole = kCentralBytes + name + extra + number_at<2>(directory, 32);
  if (whole > directory.size()) archive.fail("an entry leaves its directory");
  Entry entry{directory.substr(kCentralBytes, name), number_at<2>(directory, 10), number_at<2>(directory, 8),
              number_at<4>(directory, 20),           number_at<4>(directory, 24), number_at<4>(directory, 42)};
  widen(entry, zip64_field(directory.substr(kCentralBytes + name, extra)), archive);
  directory.remove_prefix(whole);
  return entry;
}

std::string_view bytes_of(const Entry& entry, const Archive& archive) {
  const std::string what = "entry " + in_quotes(entry.name, 200);
  if ((entry.flags & 1U) != 0) archive.fail(what + " is encrypted");
  if (entry.method != 0) {
    archive.fail(what + ": expected stored bytes, found compression method " + std::to_string(entry.method));
  }
  if (entry.stored != entry.size) archive.fail(what + ": its two sizes differ");
  const std::string_view local = archive.record(entry.header, kLocalBytes, "PK\x03\x04", what.c_str());
  const std::uint64_t name = entry.header + kLocalBytes;
  if (archive.part(name, number_at<2>(local, 26), what.c_str()) != entry.name) {
    archive.fail(what + " has another name where its bytes are");
  }
  return archive.part(name + number_at<2>(local, 26) + number_at<2>(local, 28), entry.size, what.c_str());
}

}  // namespace

ZipEntries read_zip(std::string_view file, const std::string& where) {
  const Archive archive(file, where);
  const Directory directory = find_directory(archive);
  std::string_view rest = archive.part(directory.begin, directory.bytes, "directory");
  ZipEntries entries;
  for (std::uint64_t i = 0; i < directory.entries; ++i) {
    const Entry entry = next_entry(rest, archive);
    if (!entries.emplace(entry.name, bytes_of(entry, archive)).second) {
      archive.fail("two entries " + in_quotes(entry.name, 200));
    }
  }
  return entries;
}

}  // namespace tastevin::checkpoint
