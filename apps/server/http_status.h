#pragma once

// HTTP's edge of the error table.

#include "tastevin/error.h"

namespace tastevin::server {

constexpr unsigned status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
    case ErrorCode::bad_checkpoint:  // JSON of a request
      return 400;
    case ErrorCode::unauthorized:
      return 401;
    case ErrorCode::not_found:
      return 404;
    case ErrorCode::too_large:
      return 413;
    case ErrorCode::unsupported_model:
    case ErrorCode::rejected:
      return 422;
    case ErrorCode::overloaded:
      return 429;
    case ErrorCode::unavailable:
      return 503;
    case ErrorCode::deadline:
      return 504;
    case ErrorCode::internal:
      break;
  }
  return 500;
}

constexpr const char* kind_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
    case ErrorCode::bad_checkpoint:
      return "invalid_argument";
    case ErrorCode::unauthorized:
      return "unauthorized";
    case ErrorCode::not_found:
      return "not_found";
    case ErrorCode::too_large:
      return "too_large";
    case ErrorCode::unsupported_model:
      return "unsupported_model";
    case ErrorCode::rejected:
      return "rejected";
    case ErrorCode::overloaded:
      return "overloaded";
    case ErrorCode::unavailable:
      return "unavailable";
    case ErrorCode::deadline:
      return "deadline";
    case ErrorCode::internal:
      break;
  }
  return "internal";
}

}  // namespace tastevin::server
