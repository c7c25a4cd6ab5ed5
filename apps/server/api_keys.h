#pragma once

// Who may ask: keys are read once, at the start, and kept as digests alone. Immutable; any thread may ask.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tastevin::server {

/// The keys that open the server; none open it to all.
class ApiKeys {
 public:
  ApiKeys() = default;
  /// One a line; blank lines and those that begin with # are none. Throws `Error{not_found}`, `Error{too_large}` for
  /// more than 1 MB, and `Error{invalid_argument}` for a file without a key.
  static ApiKeys read(const std::filesystem::path& file);

  bool empty() const { return digests_.empty(); }
  /// Whether `authorization`, a header's value, brings one of them: "Bearer KEY". Takes as long for a wrong key as for
  /// a right one.
  bool open_to(std::string_view authorization) const;

 private:
  std::vector<std::string> digests_;
};

}  // namespace tastevin::server
