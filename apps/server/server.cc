#include "server.h"

#include <csignal>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "api_keys.h"
#include "http_server.h"
#include "protocols.h"
#include "service.h"

namespace tastevin::server {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::milliseconds kLastWords{200};

Router all_routes() {
  Router router;
  add_native_routes(router);
  add_inference_protocol_routes(router);
  add_embeddings_inference_routes(router);
  add_hugging_face_routes(router);
  add_drop_in_routes(router);
  add_status_routes(router);
  return router;
}

/// Ready goes down, what runs is finished, and the loop ends.
asio::awaitable<void> stop_on_signal(asio::io_context& io, Service& service, HttpServer& http) {
  asio::signal_set signals(io, SIGTERM, SIGINT);
  co_await signals.async_wait(asio::use_awaitable);
  service.set_ready(false);
  http.stop();
  const std::chrono::milliseconds grace = std::chrono::seconds(service.options().grace);
  std::jthread draining([&service, grace] { service.registry().drain(grace); });
  asio::steady_timer timer(io);
  // Answers are written, and idle connections are not waited for.
  for (auto waited = std::chrono::milliseconds(0); waited < grace; waited += std::chrono::milliseconds(20)) {
    if (http.answering() == 0) break;
    timer.expires_after(std::chrono::milliseconds(20));
    co_await timer.async_wait(asio::use_awaitable);
  }
  io.stop();
}

}  // namespace

void run_server(const ServedModels& models, const ServerOptions& options,
                const std::function<void(std::uint16_t port)>& ready) {
  ApiKeys keys = options.api_key_file.empty() ? ApiKeys() : ApiKeys::read(options.api_key_file);
  asio::io_context io(1);  // before what posts to it
  serve::Registry registry(models.load, models.scheduling);
  Service service(registry, options);
  const Router router = all_routes();
  HttpServer http(io, service, router, std::move(keys));
  asio::co_spawn(io, http.run(), asio::detached);
  asio::co_spawn(io, stop_on_signal(io, service, http), asio::detached);
  // Live from the beginning, ready when the models are.
  std::exception_ptr failure;
  std::jthread loading([&] {
    try {
      for (const auto& [name, path] : models.models) registry.load(name, path);
      service.set_ready(true);
      ready(http.port());
    } catch (...) {
      failure = std::current_exception();
      io.stop();
    }
  });
  io.run();
  loading.join();
  // What outlived the grace is refused, and those who wait for it are told.
  registry.close();
  io.restart();
  io.run_for(kLastWords);
  if (failure) std::rethrow_exception(failure);
}

}  // namespace tastevin::server
