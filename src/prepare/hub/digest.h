#pragma once

// The checksum that an ETag of the Hub is: sha256 of a large file, git's blob id (sha1 with a length before it) of
// another.

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace tastevin::hub {

class Digest {
 public:
  /// The one that `etag` is of, for a file of `size` bytes; nothing when `etag` has the form of neither.
  static std::optional<Digest> of_etag(std::string_view etag, std::size_t size);

  static Digest sha256();
  static Digest git_blob(std::size_t size);

  void update(std::string_view bytes);
  /// Lower-case hexadecimal; to be called once.
  std::string hex();
  const char* name() const noexcept { return name_; }

 private:
  struct Release {
    void operator()(evp_md_ctx_st* context) const noexcept;
  };
  explicit Digest(const char* name);

  const char* name_;
  std::unique_ptr<evp_md_ctx_st, Release> context_;
};

}  // namespace tastevin::hub
