#pragma once

// Words for error messages, and every exception as an `Error`. Foreign text in a message is quoted and cut, so that one
// line stays one line.

#include <cstddef>
#include <exception>
#include <span>
#include <string>
#include <string_view>

#include "tastevin/error.h"

namespace tastevin {

/// `text` in single quotes, at most `limit` bytes of it (cut between code points), control characters and invalid UTF-8
/// escaped as \xNN.
std::string in_quotes(std::string_view text, std::size_t limit = 60);

/// What an edge answers for `failure`: an `Error` is itself, memory that is not there is `overloaded`, anything else is
/// `internal`.
Error error_of(const std::exception_ptr& failure);

/// "'a', 'b'"
std::string list_in_quotes(std::span<const std::string> texts);

}  // namespace tastevin
