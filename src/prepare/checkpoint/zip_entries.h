#pragma once

// The entries of a zip archive in memory that are stored as they are, found by its central directory (zip64 too).
// Nothing is copied or decompressed, and checksums are not compared: the bytes of a large checkpoint are read once, by
// whoever uses them. Every offset and size is checked against the archive first.
//
//   | local header, name, extra | bytes | ... | central directory | zip64 end, its locator | end, comment |

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace tastevin::checkpoint {

/// Name to bytes; both point into the archive.
using ZipEntries = std::map<std::string_view, std::string_view, std::less<>>;

/// `where` names the archive in messages. Throws `Error{bad_checkpoint}` when the archive contradicts itself and when
/// an entry is compressed or encrypted, by its name.
ZipEntries read_zip(std::string_view archive, const std::string& where);

}  // namespace tastevin::checkpoint
