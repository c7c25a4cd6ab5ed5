#pragma once

// A file mapped read-only into memory. The mapping lives as long as the object; share it by `shared_ptr`. Safe to read
// from many threads. The file must not shrink while it is mapped (the kernel would end the process with SIGBUS), which
// is why everything we write is written beside its place and renamed.

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string_view>

namespace tastevin {

class MappedFile {
 public:
  /// Throws `Error{not_found}` when the file cannot be opened, `Error{bad_checkpoint}` when it is not a regular file,
  /// and `Error{unavailable}` when it cannot be mapped.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  const std::byte* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }
  std::string_view text() const noexcept { return {reinterpret_cast<const char*>(data_), size_}; }
  const std::filesystem::path& path() const noexcept { return path_; }

  /// Gives the resident pages back to the system; reading them again costs a page fault and nothing else.
  void release_pages() const noexcept;

 private:
  std::filesystem::path path_;
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace tastevin
