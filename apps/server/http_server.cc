#include "http_server.h"

#include <new>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "http_connection.h"
#include "tls.h"

namespace tastevin::server {

HttpServer::HttpServer(asio::io_context& io, Service& service, const Router& router, const ApiKeys& keys)
    : service_(service), router_(router), keys_(keys), acceptor_(io) {
  const ServerOptions& options = service.options();
  if (!options.tls_cert.empty() || !options.tls_key.empty())
    tls_ = std::make_unique<asio::ssl::context>(tls_context(options.tls_cert, options.tls_key));
  const std::string where = address(options.host, options.port);
  if (options.port > 65535) throw Error(ErrorCode::invalid_argument, "port: expected at most 65535");
  beast::error_code error;
  const auto address = asio::ip::make_address(options.host, error);
  if (error) throw Error(ErrorCode::invalid_argument, "host " + in_quotes(options.host) + ": expected an IP address");
  const tcp::endpoint endpoint(address, static_cast<std::uint16_t>(options.port));
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) throw Error(ErrorCode::unavailable, where + ": cannot be listened on: " + error.message());
  port_ = acceptor_.local_endpoint().port();
}

asio::awaitable<void> HttpServer::run() {
  while (true) {
    beast::error_code error;
    tcp::socket socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted) co_return;
    if (error && open_->make_room()) continue;  // no more file descriptors, most likely
    if (error) {
      asio::steady_timer timer(acceptor_.get_executor(), std::chrono::milliseconds(100));
      co_await timer.async_wait(asio::use_awaitable);
      continue;
    }
    // For this one, which may be the only one that will say what it wants, another goes.
    while (open_->count() >= service_.options().max_connections && !open_->make_room()) {
      asio::steady_timer timer(acceptor_.get_executor(), std::chrono::milliseconds(10));
      co_await timer.async_wait(asio::use_awaitable);
    }
    try {
      asio::co_spawn(acceptor_.get_executor(), serve(std::move(socket)), asio::detached);
    } catch (const std::bad_alloc&) {  // one connection is closed, and the others go on
      continue;
    }
  }
}

asio::awaitable<void> HttpServer::serve(tcp::socket socket) {
  const Metrics::OpenConnection counted(service_.metrics());
  beast::error_code error;
  socket.set_option(tcp::no_delay(true), error);
  if (tls_) {
    asio::ssl::stream<beast::tcp_stream> stream(std::move(socket), *tls_);
    OpenConnections::Place place(open_, [&stream] { beast::get_lowest_layer(stream).close(); });
    place.wait();
    beast::get_lowest_layer(stream).expires_after(seconds(service_.options().header_timeout));
    co_await stream.async_handshake(asio::ssl::stream_base::server, asio::redirect_error(asio::use_awaitable, error));
    if (!error) {
      Connection connection(*this, stream, place);
      co_await connection.run();
    }
  } else {
    beast::tcp_stream stream(std::move(socket));
    OpenConnections::Place place(open_, [&stream] { stream.close(); });
    Connection connection(*this, stream, place);
    co_await connection.run();
  }
}

}  // namespace tastevin::server
