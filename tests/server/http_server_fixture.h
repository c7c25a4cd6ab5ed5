#pragma once

// A server with the bundled model, and a client's connection to it.

#include <gtest/gtest.h>

#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include "apps/server/http_server.h"
#include "apps/server/protocols.h"
#include "base/json.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace tastevin::server {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

class HttpServerTest : public ::testing::Test {
 protected:
  void start(ServerOptions options = {}, const std::string& keys = {}) {
    options.port = 0;
    service_.emplace(registry_, options);
    load_model();
    if (!keys.empty()) keys_ = ApiKeys::read(folder_.write("keys", keys));
    server_.emplace(io_, *service_, router_, keys_);
    asio::co_spawn(io_, server_->run(), asio::detached);
    service_->set_ready(true);
    thread_ = std::jthread([this] { io_.run(); });
    connect();
  }

  virtual void load_model() { registry_.load("sst2", source_file("models/sst2-tiny")); }

  void TearDown() override {
    io_.stop();
    if (thread_.joinable()) thread_.join();
    registry_.close();  // as run_server does: nobody posts to the loop when it is gone
    io_.restart();
    io_.run_for(std::chrono::milliseconds(50));
  }

  void connect() {
    client_.emplace(client_io_);
    client_->connect({asio::ip::address_v4::loopback(), server_->port()});
    buffer_.clear();
  }

  http::response<http::string_body> send(http::verb method, const std::string& path, const std::string& body = {},
                                         const std::map<std::string, std::string>& headers = {}) {
    http::request<http::string_body> request(method, path, 11);
    request.set(http::field::host, "localhost");
    for (const auto& [name, value] : headers) request.set(name, value);
    request.body() = body;
    request.prepare_payload();
    http::write(*client_, request);
    return read();
  }

  http::response<http::string_body> read() {
    http::response<http::string_body> response;
    http::read(*client_, buffer_, response);
    return response;
  }

  Json post(const std::string& path, const std::string& body, unsigned status = 200) {
    const auto response = send(http::verb::post, path, body);
    EXPECT_EQ(response.result_int(), status) << path << " " << body << " " << response.body();
    return parse_json(response.body(), path);
  }

  /// Raw bytes, on a connection of their own.
  std::string raw(const std::string& bytes) {
    connect();
    beast::error_code ignored;
    asio::write(client_->socket(), asio::buffer(bytes), ignored);
    client_->socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    std::string answer;
    asio::read(client_->socket(), asio::dynamic_buffer(answer), ignored);
    connect();
    return answer;
  }

  TemporaryFolder folder_;
  asio::io_context io_{1};
  serve::Registry registry_{{.device = "CPU"}, {}};
  std::optional<Service> service_;
  Router router_ = all_routes();
  ApiKeys keys_;
  std::optional<HttpServer> server_;
  std::jthread thread_;
  asio::io_context client_io_;
  std::optional<beast::tcp_stream> client_;
  beast::flat_buffer buffer_;
};

}  // namespace tastevin::server
