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
};

/// Serves until SIGTERM or SIGINT, then finishes what it has taken. `ready` is called with the port when the first
/// request can be answered. Throws as `Registry::load` does, and `Error{unavailable}` for an address that cannot be
/// had.
void run_server(const ServedModels& models, const ServerOptions& options,
                const std::function<void(std::uint16_t port)>& ready);

}  // namespace tastevin::server
