#pragma once

// Many items in one call, of which one may be refused: it must not cost the others their answers.

#include <cstddef>
#include <optional>

#include "tastevin/error.h"

namespace tastevin {

/// The `Error{too_large}` of `call`; nothing when it returns. Other errors are thrown on.
template <class Call>
std::optional<Error> refusal_of(Call&& call) {
  try {
    call();
    return std::nullopt;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::too_large) throw;
    return error;
  }
}

/// Has `run(first, count)` do the items from `first` on, `count` of them. It returns what it refuses them for, or
/// nothing; those that are refused together are tried again by halves, in order, down to `refused(item, error)` for one
/// that is refused alone.
template <class Run, class Refused>
void by_halves(std::size_t first, std::size_t count, const Run& run, const Refused& refused) {
  if (count == 0) return;
  const std::optional<Error> error = run(first, count);
  if (!error) return;
  if (count == 1) {
    refused(first, *error);
    return;
  }
  by_halves(first, count / 2, run, refused);
  by_halves(first + count / 2, count - count / 2, run, refused);
}

}  // namespace tastevin
