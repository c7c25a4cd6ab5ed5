#include "prepare/hub/etag.h"

#include <algorithm>
#include <string>

#include "base/hex.h"

namespace tastevin::hub {
namespace {

Digest git_blob(std::size_t size) {
  Digest digest = Digest::sha1();
  digest.update("blob " + std::to_string(size) + std::string(1, '\0'));
  return digest;
}

}  // namespace

std::optional<Digest> digest_of_etag(std::string_view etag, std::size_t size) {
  if (!std::ranges::all_of(etag, hex::is_digit)) return std::nullopt;
  if (etag.size() == 64) return Digest::sha256();
  if (etag.size() == 40) return git_blob(size);
  return std::nullopt;
}

}  // namespace tastevin::hub
