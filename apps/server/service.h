#pragma once

// What all protocols share: the models, the limits, the metrics, and the way of texts to their answers.

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include "call.h"
#include "metrics.h"
#include "serve/registry.h"
#include "server_options.h"
#include "wanted.h"

namespace tastevin::server {

/// Threads for what would keep the loop, a kind of work each: a model is loaded while a text is explained.
enum class Worker : std::uint8_t { answering, loading, tokenizing };

/// For protocols that have no place for the error of a text: throws the first.
void throw_first_error(const serve::Reply& reply);

class Service {
 public:
  Service(serve::Registry& registry, const ServerOptions& options)
      : registry_(registry), options_(options), metrics_(registry) {}
  ~Service() { close(); }
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  serve::Registry& registry() { return registry_; }
  const ServerOptions& options() const { return options_; }
  Metrics& metrics() { return metrics_; }

  /// Whether all was loaded, a model is there still, and none has a full queue.
  bool ready() const;
  /// Whether it has a model, and is not being shut down; a full queue is no illness.
  bool healthy() const;
  void set_ready(bool ready) { ready_ = ready; }

  struct Asked {
    std::vector<serve::Input> inputs;
    ClassifyOptions options = {};
    std::optional<serve::Clock::time_point> deadline = std::nullopt;
    std::stop_token gone = {};
  };
  /// Calls `done` once, on any thread, with the answers in order; a text over the limit has its error in its place.
  /// Throws `Error{too_large}` for too many of them, and as `Scheduler::submit` does.
  void submit(serve::ServedModel& model, Asked asked, serve::Scheduler::Done done);

  /// The answers to `inputs`, which it takes, in order; throws as `submit` does.
  boost::asio::awaitable<serve::Reply> answers(Call& call, const std::shared_ptr<serve::ServedModel>& model,
                                               std::vector<serve::Input>& inputs, const ClassifyOptions& options);

  /// Work that takes long asks whether it is wanted, again and again.
  using Work = std::function<Answer(const Wanted&)>;

  /// Runs `work`, which throws nothing, on the worker's thread, one after another. Throws `Error{overloaded}` when too
  /// many wait, and `Error{unavailable}` after `close`.
  void run_in_background(Worker worker, std::function<void()> work);
  /// The same for work with an answer; what it throws comes through. Work that nobody waits for any more when its turn
  /// comes is not begun: `Error{deadline}`.
  boost::asio::awaitable<Answer> run_in_background(Worker worker, const Call& call, const Work& work);
  Wanted wanted(std::optional<serve::Clock::time_point> deadline, std::stop_token gone) const;

  /// Ends the work that is done in the background, with `Error{unavailable}`; returns when all of it has its answer.
  /// What runs is waited for: a step of some texts, or the loading of a model.
  void close();

  /// The handler's answer, made on another thread than the caller's, which is free meanwhile; for bodies that take long
  /// to read. One after another, but where a handler waits.
  boost::asio::awaitable<Answer> read_on_other_thread(const Handler& handler, Call& call);

 private:
  serve::Registry& registry_;
  ServerOptions options_;
  Metrics metrics_;
  std::atomic<bool> ready_ = false;
  std::mutex background_mutex_;  // so that nothing comes after `close`
  std::stop_source closing_;
  boost::asio::thread_pool readers_{1};
  struct Background {
    std::atomic<std::size_t> waiting = 0;
    boost::asio::thread_pool thread{1};
  };
  std::array<Background, 3> background_;  // by Worker
};

}  // namespace tastevin::server
