#pragma once

// A server from its options to its end.

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "serve/registry.h"
#include "server_options.h"

namespace tastevin::server {

struct ServedModels {
  std::vector<std::pair<std::string, std::filesystem::path>> models;  ///< by name
  ModelOptions load;
  serve::SchedulerOptions scheduling;
  std::function<void(const std::string&)> tell = [](const std::string&) {};  ///< hears of models that come and go
};

/// What is reached where.
struct Served {
  const serve::Registry& registry;
  std::uint16_t port;
  std::uint16_t grpc_port;  ///< 0: none
};

/// Serves until SIGTERM or SIGINT, then finishes what it has taken. `ready` is called when the first request can be
/// answered. Throws as `Registry::load` does, and `Error{unavailable}` for an address that cannot be had.
void run_server(const ServedModels& models, const ServerOptions& options,
                const std::function<void(const Served&)>& ready);

}  // namespace tastevin::server
