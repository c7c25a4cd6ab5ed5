#pragma once

// gRPC's edge of the error table.

#include <grpcpp/support/status.h>

#include "tastevin/error.h"

namespace tastevin::server {

struct GrpcKind {
  grpc::StatusCode code;
  const char* name;  ///< as the metrics have it
};

constexpr GrpcKind grpc_kind(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
      return {grpc::StatusCode::INVALID_ARGUMENT, "INVALID_ARGUMENT"};
    case ErrorCode::unauthorized:
      return {grpc::StatusCode::UNAUTHENTICATED, "UNAUTHENTICATED"};
    case ErrorCode::not_found:
      return {grpc::StatusCode::NOT_FOUND, "NOT_FOUND"};
    case ErrorCode::bad_checkpoint:
    case ErrorCode::rejected:
      return {grpc::StatusCode::FAILED_PRECONDITION, "FAILED_PRECONDITION"};
    case ErrorCode::unsupported_model:
      return {grpc::StatusCode::UNIMPLEMENTED, "UNIMPLEMENTED"};
    case ErrorCode::too_large:
    case ErrorCode::overloaded:
      return {grpc::StatusCode::RESOURCE_EXHAUSTED, "RESOURCE_EXHAUSTED"};
    case ErrorCode::unavailable:
      return {grpc::StatusCode::UNAVAILABLE, "UNAVAILABLE"};
    case ErrorCode::deadline:
      return {grpc::StatusCode::DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED"};
    case ErrorCode::internal:
      break;
  }
  return {grpc::StatusCode::INTERNAL, "INTERNAL"};
}

}  // namespace tastevin::server
