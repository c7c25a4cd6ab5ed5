#pragma once

// HTTP/1.1 over TCP or TLS: who is listened to, and how many. What a request means is the router's.

#include <cstdint>
#include <memory>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "api_keys.h"
#include "held_bodies.h"
#include "open_connections.h"
#include "router.h"
#include "service.h"

namespace tastevin::server {

class HttpServer {
 public:
  /// Binds and listens. Throws `Error{unavailable}` for an address that cannot be had, and as `tls_context` does.
  HttpServer(boost::asio::io_context& io, Service& service, const Router& router, const ApiKeys& keys);

  std::uint16_t port() const { return port_; }

  /// Accepts connections as long as the loop runs.
  boost::asio::awaitable<void> run();
  /// Connections end after the answer that they wait for; new ones are still told that nothing is ready.
  void stop() { stopping_ = true; }
  /// Requests that have no answer yet, or one that is being written.
  std::size_t answering() const { return *answering_; }

 private:
  template <class Stream>
  class Connection;

  boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket);

  Service& service_;
  const Router& router_;
  const ApiKeys& keys_;
  std::unique_ptr<boost::asio::ssl::context> tls_;  // null: TCP as it is
  boost::asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  std::shared_ptr<OpenConnections> open_ = std::make_shared<OpenConnections>();
  std::shared_ptr<HeldBodies> held_ = std::make_shared<HeldBodies>();
  std::shared_ptr<std::size_t> answering_ = std::make_shared<std::size_t>(0);
  bool stopping_ = false;
};

}  // namespace tastevin::server
