#pragma once

// What a Hub's answers say. Every word of them is checked before it is used: names end up in paths and addresses.

#include <cstddef>
#include <string>
#include <vector>

#include "prepare/hub/http.h"

namespace tastevin::hub {

struct Revision {
  std::string commit;
  std::vector<std::string> files;
};

struct RemoteFile {
  std::string name;
  std::string etag;  // what its blob is called
  std::size_t size = 0;
};

/// Throws `Error{unavailable}` saying who answered, and `what` is wrong with it.
[[noreturn]] void not_a_hub(const Response& response, const std::string& what);

/// What the list of files says, without the names that leave their folder. Throws `Error{unavailable}`.
Revision revision_in(const Response& response);

/// What the head of `file` at `commit` says. Throws `Error{unavailable}`.
RemoteFile file_in(const Response& response, const std::string& commit, const std::string& file);

}  // namespace tastevin::hub
