#pragma once

// One line of JSON a request, on standard error.

#include <string>
#include <string_view>

#include "server_options.h"

namespace tastevin::server {

/// What a request is called in the log and in its answer: what the client calls it, where that is plain, else random.
std::string request_id(std::string_view given);

struct Logged {
  std::string id;
  std::string method;
  std::string route;
  std::string status;
  double ms = 0;
  std::size_t bytes_in = 0;
  std::size_t bytes_out = 0;
  std::string traceparent;  ///< W3C's, kept where it is plain
};

/// Writes it when the options ask for a log.
void log_request(const ServerOptions& options, const Logged& request);

}  // namespace tastevin::server
