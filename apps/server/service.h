#pragma once

// What all protocols share: the models, the limits, the metrics, and the way of texts to their answers.

#include <atomic>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include "call.h"
#include "metrics.h"
#include "serve/registry.h"
#include "server_options.h"

namespace tastevin::server {

class Service {
 public:
  Service(serve::Registry& registry, const ServerOptions& options)
      : registry_(registry), options_(options), metrics_(registry) {}

  serve::Registry& registry() { return registry_; }
  const ServerOptions& options() const { return options_; }
  Metrics& metrics() { return metrics_; }

  bool ready() const { return ready_; }
  void set_ready(bool ready) { ready_ = ready; }

  /// Why the models could not be loaded.
  const std::exception_ptr& failure() const { return failure_; }
  void fail(std::exception_ptr failure) { failure_ = std::move(failure); }

  /// The answers to `inputs`, in order; a text over the limit has its error in its place. Throws
  /// `Error{too_large}` for too many of them, and as `Scheduler::submit` does.
  boost::asio::awaitable<serve::Reply> answers(Call& call, const std::shared_ptr<serve::ServedModel>& model,
                                               std::vector<serve::Input> inputs, const ClassifyOptions& options);

  /// Runs `work`, which takes its time, on a thread of its own.
  boost::asio::awaitable<Answer> apart(std::function<Answer()> work);

 private:
  serve::Registry& registry_;
  ServerOptions options_;
  Metrics metrics_;
  std::atomic<bool> ready_ = false;
  std::exception_ptr failure_;
  std::atomic<std::size_t> apart_waiting_ = 0;
  boost::asio::thread_pool apart_{1};
};

}  // namespace tastevin::server
