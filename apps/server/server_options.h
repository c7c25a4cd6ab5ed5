#pragma once

// What `tastevin serve` is told about its addresses, keys and limits; flags and --help come from the list of fields.

#include <cstddef>
#include <string>
#include <vector>

namespace tastevin::server {

struct ServerOptions {
  std::string host = "127.0.0.1";
  std::size_t port = 8080;
  std::size_t grpc_port = 8081;
  bool no_grpc = false;
  std::string models_dir = {};
  bool watch = false;
  std::string tls_cert = {};
  std::string tls_key = {};
  std::string cors_origin = {};
  std::string api_key_file = {};
  bool metrics_need_key = false;
  std::size_t max_body_bytes = std::size_t{8} << 20U;
  std::size_t max_pending_body_bytes = std::size_t{512} << 20U;
  std::size_t max_json_depth = 64;
  std::size_t max_inputs = 1024;
  std::size_t max_text_bytes = std::size_t{1} << 20U;
  std::size_t max_connections = 4096;
  std::size_t header_timeout = 10;
  std::size_t body_timeout = 30;
  std::size_t idle_timeout = 75;
  std::size_t keep_alive_requests = 100'000;
  std::size_t grace = 30;
  bool access_log = false;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("host", self.host, "address to listen on; 0.0.0.0 is all of them");
    visit("port", self.port, "port to listen on; 0 is any that is free");
    visit("grpc-port", self.grpc_port, "port to listen on for gRPC; 0 is any that is free");
    visit("no-grpc", self.no_grpc, "HTTP alone");
    visit("models-dir", self.models_dir, "folder of models, name/ or name/version/; all are served");
    visit("watch", self.watch, "load, reload and unload as the folder of models changes");
    visit("tls-cert", self.tls_cert, "PEM file of a certificate chain: HTTP and gRPC over TLS");
    visit("tls-key", self.tls_key, "PEM file of its private key");
    visit("cors-origin", self.cors_origin, "origin whose pages may use the server, or * for all (default: none)");
    visit("api-key-file", self.api_key_file, "file of keys, one a line; requests must bring one as a bearer token");
    visit("metrics-need-key", self.metrics_need_key, "ask for a key at /metrics too");
    visit("max-body-bytes", self.max_body_bytes, "bytes of a request's body; a larger one is refused (413)");
    visit("max-pending-body-bytes", self.max_pending_body_bytes,
          "bytes of the bodies of all requests that have no answer yet; one that goes beyond is refused (429)");
    visit("max-json-depth", self.max_json_depth,
          "levels of the JSON of a body, at most 1000; a deeper one is refused (400)");
    visit("max-inputs", self.max_inputs, "texts of a request; more are refused (413)");
    visit("max-text-bytes", self.max_text_bytes, "bytes of a text; a longer one is an error in its place");
    visit("max-connections", self.max_connections,
          "connections at a time; for another, the one that has waited longest for a request goes");
    visit("header-timeout", self.header_timeout, "seconds that a request's head may take to arrive");
    visit("body-timeout", self.body_timeout, "seconds that a body may take to arrive, and an answer to be taken");
    visit("idle-timeout", self.idle_timeout, "seconds that a connection may be idle between requests");
    visit("keep-alive-requests", self.keep_alive_requests,
          "requests of a connection before it is closed, so that clients spread anew; 0 is no limit");
    visit("grace", self.grace, "seconds that running requests may take to finish after SIGTERM");
    visit("access-log", self.access_log, "a line of JSON for each request on standard error");
  }
};

/// HOST:PORT, an address of IP version 6 in brackets.
inline std::string address(const std::string& host, std::size_t port) {
  return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + std::to_string(port);
}

}  // namespace tastevin::server
