#pragma once

// A folder of files that can be made again: each is found by its key, checked before it is used, written beside its
// place and renamed. When they exceed a limit together, those that were used longest ago go. Safe to share between
// threads and processes.
//
// A file is its bytes, then a trailer of 128: a magic word and the SHA-256 of the bytes. (What writes the bytes counts
// positions from the start of the file, so nothing stands before them.)

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "base/mapped_file.h"

namespace tastevin::runtime {

class BlobStore {
 public:
  /// Of the files' names; of no file of anybody else's that may lie in a folder that a user names.
  static constexpr const char* kEnding = ".tastevin-blob";

  explicit BlobStore(std::filesystem::path folder, std::uintmax_t limit = kLimit)
      : folder_(std::move(folder)), limit_(limit) {}

  /// A file whose bytes are right; they are all of it but its trailer.
  struct Blob {
    std::shared_ptr<const MappedFile> file;
    std::size_t size = 0;
  };

  /// The blob of `key`, if there is one. Takes 0.6 ms a MB for the checksum. Throws `Error{bad_checkpoint}` for one
  /// that is damaged, after deleting it.
  std::optional<Blob> find(const std::string& key) const;

  /// Keeps what `write` writes under `key`. Throws `Error{unavailable}` when the folder cannot be made or the disk does
  /// not take it all, leaving nothing behind.
  void store(const std::string& key, const std::function<void(std::ostream&)>& write) const;

  void remove(const std::string& key) const noexcept;

 private:
  static constexpr std::uintmax_t kLimit = std::uintmax_t{2} << 30U;

  std::filesystem::path path_of(const std::string& key) const { return folder_ / (key + kEnding); }
  void make_room(const std::filesystem::path& newest) const;

  std::filesystem::path folder_;
  std::uintmax_t limit_;
};

/// Where compiled models are kept: `asked`, or `compiled` in our folder of the user's caches (XDG Base Directory
/// Specification: $XDG_CACHE_HOME, else ~/.cache); empty for "none" and for a user without a home.
std::filesystem::path cache_folder(const std::string& asked);

}  // namespace tastevin::runtime
