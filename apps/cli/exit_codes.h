#pragma once

// The command line's edge of the error table.

#include "tastevin/error.h"

namespace tastevin::cli {

inline constexpr int kUsageError = 2;
inline constexpr int kInterrupted = 130;

/// The exit code for an error; 0 and 1 are never among them.
constexpr int exit_code_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
    case ErrorCode::too_large:
      return kUsageError;
    case ErrorCode::not_found:
      return 3;
    case ErrorCode::bad_checkpoint:
      return 4;
    case ErrorCode::unsupported_model:
      return 5;
    case ErrorCode::overloaded:
      return 6;
    case ErrorCode::unavailable:
      return 7;
    case ErrorCode::rejected:
      return 8;
    case ErrorCode::deadline:
      return 9;
    case ErrorCode::unauthorized:
      return 11;
    case ErrorCode::internal:
      break;
  }
  return 70;
}

}  // namespace tastevin::cli
