#pragma once

// A file of the cache while it is being downloaded: blobs/<etag>.incomplete, its length and the checksum of what is in
// it. It is resumed where an earlier download ended, and becomes blobs/<etag> only when size and checksum are right.

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "prepare/hub/etag.h"

namespace tastevin::hub {

class BlobFile {
 public:
  /// Opens `<blob>.incomplete`, or makes it; `name` is what messages call the file. Reads what is there through the
  /// checksum. Throws `Error{unavailable}`.
  BlobFile(std::filesystem::path blob, std::string etag, std::size_t size, std::string name);
  ~BlobFile();
  BlobFile(const BlobFile&) = delete;
  BlobFile& operator=(const BlobFile&) = delete;

  std::size_t written() const noexcept { return written_; }
  bool is_whole() const noexcept { return written_ == size_; }

  /// Forgets what is there.
  void start_over();
  /// Throws `Error{bad_checkpoint}` for more bytes than the file has and `Error{unavailable}` when the disk does not
  /// take them; what was written before stays.
  void append(std::string_view bytes);
  /// Gives the file its place and true, or empties it and false when its checksum is another than the ETag.
  bool publish();

 private:
  void read_what_is_there();
  [[noreturn]] void fail(const char* what) const;

  std::filesystem::path blob_;
  std::string etag_;
  std::size_t size_;
  std::string name_;
  std::optional<Digest> digest_;
  std::size_t written_ = 0;
  int fd_ = -1;
};

}  // namespace tastevin::hub
