#include "api_keys.h"

#include <openssl/crypto.h>

#include <sstream>

#include "base/ascii.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/text_file.h"

namespace tastevin::server {

ApiKeys ApiKeys::read(const std::filesystem::path& file) {
  std::istringstream lines(read_text_file(file));
  ApiKeys keys;
  for (std::string line; std::getline(lines, line);) {
    line = ascii::trimmed(line);
    if (!line.empty() && !line.starts_with('#')) keys.digests_.push_back(sha256_of(line));
  }
  if (keys.digests_.empty())
    throw Error(ErrorCode::invalid_argument, in_quotes(file.string(), 200) + ": expected a key a line, found none");
  return keys;
}

bool ApiKeys::open_to(std::string_view authorization) const {
  if (digests_.empty()) return true;
  constexpr std::string_view kScheme = "bearer ";  // in any case: RFC 9110, 11.1
  const bool bearer = ascii::lower(authorization.substr(0, kScheme.size())) == kScheme;
  const std::string given = sha256_of(bearer ? authorization.substr(kScheme.size()) : "");
  int equal = 0;
  for (const std::string& digest : digests_)
    equal |= static_cast<int>(CRYPTO_memcmp(digest.data(), given.data(), given.size()) == 0);
  return bearer && equal != 0;
}

}  // namespace tastevin::server
