#pragma once

// What a user calls a model of the Hub, and the words that a Hub may use for parts of one. All of them end up in paths
// and addresses, so each is checked against its grammar before it is used.

#include <string>
#include <string_view>

namespace tastevin::hub {

struct Repository {
  std::string id;        // "org/name", or "name" alone
  std::string revision;  // a branch, a tag or a commit
};

/// Whether `text` may be the id of a model: one or two names of letters, digits, '-', '_' and '.'.
bool is_repository_id(std::string_view text);

/// Whether `text` is a whole commit id: 40 lower-case hexadecimal digits.
bool is_commit(std::string_view text);

/// Whether `text` is a relative path that stays below the folder it starts from: no empty part, no "." nor "..", no
/// control character and no backslash.
bool is_path_inside(std::string_view text);

/// Takes "ID" or "ID@REVISION" apart; the revision is "main" when there is none. Throws `Error{invalid_argument}`.
Repository parse_repository(std::string_view name);

/// `text` as one part of an address: everything but letters, digits, '-', '_', '.' and '~' percent-encoded.
std::string percent_encoded(std::string_view text);

}  // namespace tastevin::hub
