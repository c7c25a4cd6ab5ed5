#pragma once

// Cryptographic checksums, by libcrypto: SHA-256 at some 2 GB/s where the CPU has instructions for it.

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace tastevin {

class Digest {
 public:
  static Digest sha1() { return Digest("sha1"); }
  static Digest sha256() { return Digest("sha256"); }

  void update(std::string_view bytes);
  /// Lower-case hexadecimal; to be called once.
  std::string hex();

 private:
  struct Release {
    void operator()(evp_md_ctx_st* context) const noexcept;
  };
  explicit Digest(const char* name);

  std::unique_ptr<evp_md_ctx_st, Release> context_;
};

/// The SHA-256 of `bytes`, in lower-case hexadecimal.
inline std::string sha256_of(std::string_view bytes) {
  Digest digest = Digest::sha256();
  digest.update(bytes);
  return digest.hex();
}

}  // namespace tastevin
