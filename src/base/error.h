#pragma once

// Words for error messages. Foreign text in a message is quoted and cut, so that one line stays one line.

#include <cstddef>
#include <string>
#include <string_view>

#include "tastevin/error.h"

namespace tastevin {

/// `text` in single quotes, at most `limit` bytes of it (cut between code points), control characters and invalid UTF-8
/// escaped as \xNN.
std::string in_quotes(std::string_view text, std::size_t limit = 60);

}  // namespace tastevin
