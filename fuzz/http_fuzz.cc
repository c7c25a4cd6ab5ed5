// Any bytes on a connection: answered as HTTP or closed, and the next good request is answered.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/write.hpp>

#include "apps/server/http_server.h"
#include "apps/server/protocols.h"
#include "server/fake_model.h"

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace tastevin;

class Server {
 public:
  Server() {
    registry_.put(server::fake_model("m"));
    asio::co_spawn(io_, http_.run(), asio::detached);
  }
  ~Server() { registry_.close(); }

  /// What is answered to `bytes`, after which the client says no more.
  std::string exchange(std::string_view bytes) {
    tcp::socket client(io_);
    client.connect({asio::ip::address_v4::loopback(), http_.port()});
    boost::system::error_code ignored;
    client.non_blocking(true);
    std::string answer;
    bool open = true;
    std::size_t sent = 0;
    while (open) {
      if (sent < bytes.size()) {
        sent += client.write_some(asio::buffer(bytes.substr(sent)), ignored);
        if (ignored && ignored != asio::error::would_block) sent = bytes.size();
        if (sent == bytes.size()) static_cast<void>(client.shutdown(tcp::socket::shutdown_send, ignored));
      }
      io_.run_for(std::chrono::microseconds(200));
      char chunk[4096];
      boost::system::error_code error;
      const std::size_t count = client.read_some(asio::buffer(chunk), error);
      answer.append(chunk, count);
      open = !error || error == asio::error::would_block;
    }
    return answer;
  }

 private:
  static server::ServerOptions limits() {
    server::ServerOptions options;
    options.port = 0;
    options.max_body_bytes = 100'000;
    return options;
  }

  asio::io_context io_{1};
  serve::Registry registry_{{}, {}};
  server::Service service_{registry_, limits()};
  server::Router router_ = server::all_routes();
  server::ApiKeys keys_;
  server::HttpServer http_{io_, service_, router_, keys_};
};

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Server server;
  if (size == 0) return 0;
  const std::string answer = server.exchange({reinterpret_cast<const char*>(data), size});
  if (!answer.empty() && !answer.starts_with("HTTP/1.")) std::abort();
  return 0;
}
