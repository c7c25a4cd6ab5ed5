#include "server.h"

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <exception>
#include <set>
#include <stop_token>
#include <string_view>
#include <thread>
#include <type_traits>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "api_keys.h"
#include "base/cpu_count.h"
#include "base/error.h"
#include "base/process_memory.h"
#include "grpc/grpc_server.h"
#include "http_server.h"
#include "protocols.h"
#include "serve/models_folder.h"
#include "service.h"

namespace tastevin::server {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::milliseconds kLastWords{200};
constexpr std::chrono::milliseconds kWatchPeriod{1000};
constexpr std::chrono::milliseconds kHealthPeriod{100};

/// Of what the server cannot do without: an exception of it ends `io_context::run`.
void rethrow(const std::exception_ptr& failure) {
  if (failure) std::rethrow_exception(failure);
}

/// Each connection is a file: as many as the system lets us have.
void raise_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// Loading and ready go down, what runs is finished, and the loop ends.
asio::awaitable<void> stop_on_signal(asio::io_context& io, Service& service, HttpServer& http, GrpcServer* grpc,
                                     std::stop_source& loading) {
  asio::signal_set signals(io, SIGTERM, SIGINT);
  co_await signals.async_wait(asio::use_awaitable);
  loading.request_stop();
  service.registry().refuse_more();  // before it is said that nothing is ready
  service.set_ready(false);
  http.stop();
  if (grpc != nullptr) grpc->set_ready(false);
  const std::chrono::milliseconds grace = std::chrono::seconds(service.options().grace);
  std::atomic<bool> drained = false;
  const std::jthread draining([&] {
    service.registry().drain(grace);
    drained = true;
  });
  asio::steady_timer timer(io);
  // Answers are written, idle connections are not waited for, and new ones are told that nothing is ready.
  const auto end = std::chrono::steady_clock::now() + grace;
  while (!drained || (http.answering() > 0 && std::chrono::steady_clock::now() < end)) {
    timer.expires_after(std::chrono::milliseconds(20));
    co_await timer.async_wait(asio::use_awaitable);
  }
  if (grpc != nullptr) grpc->stop(kLastWords);
  io.stop();
}

/// What gRPC's health service says follows what the others say: models come and go, queues fill.
asio::awaitable<void> tell_health(asio::io_context& io, Service& service, GrpcServer& grpc) {
  asio::steady_timer timer(io);
  bool told = false;
  while (true) {
    if (const bool ready = service.ready(); ready != told) grpc.set_ready(told = ready);
    timer.expires_after(kHealthPeriod);
    co_await timer.async_wait(asio::use_awaitable);
  }
}

std::vector<serve::FolderModel> folder_models(const ServedModels& models, const ServerOptions& options) {
  if (options.models_dir.empty()) {
    if (options.watch) throw Error(ErrorCode::invalid_argument, "watch: expected --models-dir with it");
    return {};
  }
  auto found = serve::models_in(options.models_dir);
  if (found.empty() && models.models.empty() && !options.watch)
    throw Error(ErrorCode::not_found, "models folder " + in_quotes(options.models_dir) + ": holds no model");
  return found;
}

/// A limit of 0 would let nothing through without a word, and a time of ages is no limit. A queue of 0 says 429.
void check_limits(const ServerOptions& options, const serve::SchedulerOptions& scheduling) {
  constexpr std::array<std::string_view, 7> kMayBeZero{
      "port", "grpc-port", "grace", "max-wait-us", "queue-tokens", "queue-requests", "keep-alive-requests"};
  constexpr std::array<std::string_view, 5> kTimes{"header-timeout", "body-timeout", "idle-timeout", "grace",
                                                   "max-wait-us"};
  constexpr std::size_t kMostJsonDepth = 1000;  // values are taken apart level by level
  constexpr std::size_t kLongest = 1'000'000;   // a second of waiting for company, or twelve days
  const auto check = [&](std::string_view name, const auto& value, const char* /*help*/) {
    if constexpr (std::is_same_v<decltype(value), const std::size_t&>) {
      const bool too_low = value == 0 && std::ranges::find(kMayBeZero, name) == kMayBeZero.end();
      const bool too_high = value > kLongest && std::ranges::find(kTimes, name) != kTimes.end();
      if (!too_low && !too_high) return;
      throw Error(ErrorCode::invalid_argument, std::string(name) + ": expected " +
                                                   (too_low ? "1 or more" : "at most " + std::to_string(kLongest)) +
                                                   ", found " + std::to_string(value));
    }
  };
  ServerOptions::fields(options, check);
  serve::SchedulerOptions::fields(scheduling, check);
  if (options.max_json_depth > kMostJsonDepth) {
    throw Error(ErrorCode::invalid_argument, "max-json-depth: expected at most " + std::to_string(kMostJsonDepth) +
                                                 ", found " + std::to_string(options.max_json_depth));
  }
}

/// As a browser sends it: scheme://host, perhaps with a port, nothing behind, no capitals.
void check_origin(const std::string& origin) {
  if (origin.empty() || origin == "*") return;
  const std::size_t host = origin.find("://");
  const bool is_origin = host != std::string::npos && host > 0 && host + 3 < origin.size() &&
                         origin.find_first_of("/?#@ ,", host + 3) == std::string::npos &&
                         std::ranges::none_of(origin, [](char c) { return c >= 'A' && c <= 'Z'; });
  if (is_origin) return;
  throw Error(ErrorCode::invalid_argument,
              "cors-origin: expected * or an origin such as https://example.org, found " + in_quotes(origin));
}

/// Those of the command line, then those of the folder. Throws `Error{invalid_argument}` for a name that comes twice.
std::vector<std::pair<std::string, std::filesystem::path>> all_models(
    const ServedModels& models, const std::vector<serve::FolderModel>& of_folder) {
  auto all = models.models;
  for (const serve::FolderModel& model : of_folder) all.emplace_back(model.name, model.path);
  std::set<std::string> names;
  for (const auto& [name, path] : all) {
    if (!names.insert(name).second)
      throw Error(ErrorCode::invalid_argument, "model " + in_quotes(name) + ": expected each name once");
  }
  return all;
}

/// Loads all models, of which the first are those of the command line: one of them that cannot be loaded ends the
/// start. One of the folder is told of and left out, as under --watch, unless none at all can be served.
void load_all(serve::Registry& registry, const std::vector<std::pair<std::string, std::filesystem::path>>& models,
              const ServedModels& served, bool waits, const std::stop_token& ending) {
  for (const auto& [name, path] : models) registry.announce(name, path);
  std::exception_ptr first_failure;
  bool any = false;
  for (std::size_t i = 0; i < models.size() && !ending.stop_requested(); ++i) {
    const auto& [name, path] = models[i];
    try {
      registry.load(name, path);
      any = true;
      const std::string& warning = registry.model(name)->classifier().warning();
      if (!warning.empty()) served.tell("model " + in_quotes(name) + ": warning: " + warning);
    } catch (const std::exception& error) {
      if (i < served.models.size()) throw;
      if (!first_failure) first_failure = std::current_exception();
      served.tell("model " + in_quotes(name) + ": is not served: " + error.what());
    }
  }
  if (first_failure && !any && !waits) std::rethrow_exception(first_failure);
}

}  // namespace

void run_server(const ServedModels& models, const ServerOptions& options,
                const std::function<void(const Served&)>& ready) {
  check_limits(options, models.scheduling);
  check_origin(options.cors_origin);
  const auto of_folder = folder_models(models, options);
  const auto all = all_models(models, of_folder);
  raise_file_limit();
  bound_allocator(cpu_count());
  const ApiKeys keys = options.api_key_file.empty() ? ApiKeys() : ApiKeys::read(options.api_key_file);
  asio::io_context io(1);  // before what posts to it
  serve::Registry registry(models.load, models.scheduling);
  registry.set_folder(options.models_dir);
  Service service(registry, options);
  const Router router = all_routes();
  HttpServer http(io, service, router, keys);
  const auto grpc = options.no_grpc ? nullptr : std::make_unique<GrpcServer>(service, keys);
  std::unique_ptr<serve::FolderWatch> watch;
  std::stop_source ending;
  asio::co_spawn(io, http.run(), rethrow);
  if (grpc) asio::co_spawn(io, tell_health(io, service, *grpc), rethrow);
  asio::co_spawn(io, stop_on_signal(io, service, http, grpc.get(), ending), rethrow);
  // Live from the beginning, ready when the models are.
  std::exception_ptr failure;
  const auto become_ready = [&] {  // on the loop's thread, as the end: after that, nothing is ready any more
    if (ending.stop_requested()) return;
    service.set_ready(true);
    if (grpc) grpc->set_ready(true);
    ready({.registry = registry, .port = http.port(), .grpc_port = grpc ? grpc->port() : std::uint16_t{0}});
  };
  std::jthread loading([&] {
    try {
      load_all(registry, all, models, options.watch, ending.get_token());
      if (ending.stop_requested()) return;
      if (options.watch) {
        watch =
            std::make_unique<serve::FolderWatch>(registry, options.models_dir, of_folder, kWatchPeriod, models.tell);
      }
      asio::post(io, become_ready);
    } catch (...) {
      failure = std::current_exception();
      io.stop();
    }
  });
  std::exception_ptr broken;
  try {
    io.run();
  } catch (...) {
    broken = std::current_exception();
    ending.request_stop();
  }
  service.close();
  loading.join();
  watch.reset();
  // What outlived the grace is refused, and those who wait for it are told.
  registry.close();
  io.restart();
  io.run_for(kLastWords);
  rethrow(failure);
  rethrow(broken);
}

}  // namespace tastevin::server
