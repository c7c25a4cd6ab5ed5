#pragma once

// gRPC: the Open Inference Protocol, health and reflection. The same queue and limits as HTTP's.

#include <chrono>
#include <cstdint>
#include <memory>

#include "apps/server/api_keys.h"
#include "apps/server/service.h"

namespace tastevin::server {

class GrpcServer {
 public:
  /// Listens and answers, on threads of its own. Throws `Error{unavailable}` for an address that cannot be had, and
  /// `Error{invalid_argument}` for files of TLS that cannot be used.
  GrpcServer(Service& service, const ApiKeys& keys);
  ~GrpcServer();
  GrpcServer(const GrpcServer&) = delete;
  GrpcServer& operator=(const GrpcServer&) = delete;

  std::uint16_t port() const;

  /// What the health service tells.
  void set_ready(bool ready);
  /// Takes no more calls; returns when all are answered, or after `grace`, when the others are ended.
  void stop(std::chrono::milliseconds grace);

 private:
  class Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace tastevin::server
