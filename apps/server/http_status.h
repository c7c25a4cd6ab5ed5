#pragma once

// HTTP's edge of the error table.

#include "tastevin/error.h"

namespace tastevin::server {

struct HttpKind {
  unsigned status;
  const char* name;  ///< as our own protocol has it
};

constexpr HttpKind http_kind(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
      return {400, "invalid_argument"};
    case ErrorCode::unauthorized:
      return {401, "unauthorized"};
    case ErrorCode::not_found:
      return {404, "not_found"};
    case ErrorCode::too_large:
      return {413, "too_large"};
    case ErrorCode::bad_checkpoint:
      return {422, "bad_checkpoint"};
    case ErrorCode::unsupported_model:
      return {501, "unsupported_model"};
    case ErrorCode::rejected:
      return {422, "rejected"};
    case ErrorCode::overloaded:
      return {429, "overloaded"};
    case ErrorCode::unavailable:
      return {503, "unavailable"};
    case ErrorCode::deadline:
      return {504, "deadline"};
    case ErrorCode::internal:
      break;
  }
  return {500, "internal"};
}

}  // namespace tastevin::server
