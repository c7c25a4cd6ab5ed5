#include "prepare/hub/digest.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "base/error.h"

namespace tastevin::hub {
namespace {

void check(int success) {
  if (success != 1) throw Error(ErrorCode::internal, "libcrypto: a checksum could not be computed");
}

bool is_hexadecimal(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

void Digest::Release::operator()(evp_md_ctx_st* context) const noexcept { EVP_MD_CTX_free(context); }

Digest::Digest(const char* name) : name_(name), context_(EVP_MD_CTX_new()) {
  check(EVP_DigestInit_ex(context_.get(), EVP_get_digestbyname(name), nullptr));
}

Digest Digest::sha256() { return Digest("sha256"); }

Digest Digest::git_blob(std::size_t size) {
  Digest digest("sha1");
  digest.update("blob " + std::to_string(size) + std::string(1, '\0'));
  return digest;
}

std::optional<Digest> Digest::of_etag(std::string_view etag, std::size_t size) {
  if (!is_hexadecimal(etag)) return std::nullopt;
  if (etag.size() == 64) return sha256();
  if (etag.size() == 40) return git_blob(size);
  return std::nullopt;
}

void Digest::update(std::string_view bytes) { check(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size())); }

std::string Digest::hex() {
  static constexpr char kHex[] = "0123456789abcdef";
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  check(EVP_DigestFinal_ex(context_.get(), bytes.data(), &size));
  std::string text;
  for (unsigned int i = 0; i < size; ++i) text += {kHex[bytes[i] >> 4U], kHex[bytes[i] & 15U]};
  return text;
}

}  // namespace tastevin::hub
