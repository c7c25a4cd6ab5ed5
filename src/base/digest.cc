#include "base/digest.h"

#include <openssl/evp.h>

#include <array>

#include "base/error.h"
#include "base/hex.h"

namespace tastevin {
namespace {

void check(int success) {
  if (success != 1) throw Error(ErrorCode::internal, "libcrypto: a checksum could not be computed");
}

}  // namespace

void Digest::Release::operator()(evp_md_ctx_st* context) const noexcept { EVP_MD_CTX_free(context); }

Digest::Digest(const char* name) : context_(EVP_MD_CTX_new()) {
  check(EVP_DigestInit_ex(context_.get(), EVP_get_digestbyname(name), nullptr));
}

void Digest::update(std::string_view bytes) { check(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size())); }

std::string Digest::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  check(EVP_DigestFinal_ex(context_.get(), bytes.data(), &size));
  std::string text;
  for (unsigned int i = 0; i < size; ++i) text += hex::of(bytes[i]);
  return text;
}

}  // namespace tastevin
