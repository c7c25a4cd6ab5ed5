#pragma once

// The checksum that an ETag of the Hub is: sha256 of a large file, git's blob id (sha1 with a length before it) of
// another.

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/digest.h"

namespace tastevin::hub {

/// The one that `etag` is of, for a file of `size` bytes; nothing when `etag` has the form of neither.
std::optional<Digest> digest_of_etag(std::string_view etag, std::size_t size);

}  // namespace tastevin::hub
