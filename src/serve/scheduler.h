#pragma once

// Requests of many clients become batches. A worker that is free takes texts from all waiting requests in turn, up to a
// budget of tokens, so a single text waits for no more than the batches that run. Clients that are answered together
// ask again within a moment of each other: a worker that took the first of them at once would run batches of one, so it
// waits for their company, briefly. Knows no transport and no model: what runs a batch is handed in.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "tastevin/classifier.h"
#include "tastevin/error.h"

namespace tastevin::serve {

using Clock = std::chrono::steady_clock;

struct Input {
  std::string text;
  std::optional<std::string> pair = std::nullopt;
};

struct Request {
  std::vector<Input> inputs;
  ClassifyOptions options = {};
  std::optional<Clock::time_point> deadline = std::nullopt;
  std::stop_token gone = {};  ///< stopped when nobody waits for the answer any more
};

/// What became of one input: a prediction, or why there is none.
struct Outcome {
  Prediction prediction;
  std::optional<Error> error = std::nullopt;
};

struct Reply {
  std::vector<Outcome> outcomes;  ///< one an input, in order
  double queue_ms = 0;            ///< until the first of them was taken
  double tokenize_ms = 0;         ///< of the batches that they were in
  double infer_ms = 0;            ///< likewise
};

/// How long a worker that has just answered several clients waits for them to ask again: a twentieth of the time that
/// their batch ran, 5 ms at most.
Clock::duration patience_after(Clock::duration ran);

struct SchedulerOptions {
  std::size_t batch_tokens = 1024;
  std::size_t queue_tokens = 262'144;
  std::size_t queue_requests = 4096;
  std::size_t max_wait_us = 0;
  Clock::duration (*patience)(Clock::duration ran) = patience_after;  ///< no flag: tests have their own

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("batch-tokens", self.batch_tokens, "tokens, about, that run together; more wait for the next batch");
    visit("queue-tokens", self.queue_tokens, "tokens, about, that may wait; a request beyond is refused (429)");
    visit("queue-requests", self.queue_requests, "requests that may wait; one beyond is refused (429)");
    visit("max-wait-us", self.max_wait_us, "microseconds to wait for more texts when a batch is not full");
  }
};

/// What only grows.
template <class Number>
struct SchedulerSums {
  Number batches = 0;
  Number texts = 0;
  Number tokens = 0;
  Number filler = 0;
  Number repeated = 0;  ///< texts that equal another of their batch
  Number refused = 0;   ///< requests that found the queue full
  Number expired = 0;   ///< inputs whose deadline passed before they ran
  Number dropped = 0;   ///< inputs that nobody waited for any more
};

/// A model that is loaded again goes on with what the one before it has counted.
using SchedulerTally = SchedulerSums<std::atomic<std::uint64_t>>;

/// What has happened since the start, and what waits.
struct SchedulerCounts : SchedulerSums<std::uint64_t> {
  std::size_t waiting_requests = 0;
  std::size_t waiting_tokens = 0;
};

class Scheduler {
 public:
  /// Runs texts of one reading; called from `workers` threads at once.
  using Run = std::function<Classified(std::span<const Text>, const ClassifyOptions&)>;
  using Done = std::function<void(Reply)>;

  /// `limit` is the model's of tokens a text; 0 is none.
  Scheduler(Run run, const SchedulerOptions& options, std::size_t workers, std::size_t limit = 0);
  ~Scheduler() { close(); }
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  /// Calls `done` once, from a worker, when every input has its outcome; an error of one is no other's. Throws
  /// `Error{overloaded}` when the queue is full and `Error{unavailable}` after `refuse_more`.
  void submit(Request request, Done done);

  /// Takes no more requests; those that it has are answered.
  void refuse_more();
  /// The same; returns when all are answered, or after `grace`.
  void drain(std::chrono::milliseconds grace);

  /// Waits for what runs; what still waits is answered with `Error{unavailable}`. Nothing is taken any more.
  void close();

  SchedulerCounts counts() const;
  /// What it counts with.
  const std::shared_ptr<SchedulerTally>& tally() const { return tally_; }
  /// Counts with `tally` from now on: before it takes requests, so that none is counted elsewhere.
  void count_on(std::shared_ptr<SchedulerTally> tally);
  /// Whether a request would be refused, since as much waits as may.
  bool is_full() const;

 private:
  struct Ticket;
  struct Batch;
  /// Requests that a worker has just answered, and until when it waits for as many.
  struct Company {
    std::size_t requests = 0;
    Clock::time_point until;
  };

  bool has_no_room() const;  ///< `mutex_` is held
  void work();
  std::optional<Batch> next_batch(const Company& company);
  void gather(std::unique_lock<std::mutex>& lock, const Company& company);
  bool is_gathered(std::size_t requests) const;
  void take_texts(Batch& batch);
  bool take_from(const std::shared_ptr<Ticket>& ticket, Batch& batch);
  void run_batch(Batch& batch);
  std::optional<Error> answer(std::span<const Text> texts, Batch& batch, std::size_t first);
  std::size_t finish(Batch& batch);

  Run run_;
  SchedulerOptions options_;
  std::size_t limit_;
  mutable std::mutex mutex_;
  std::condition_variable arrived_;              // for workers that have nothing to do
  std::condition_variable gathered_;             // for those that wait for more texts
  std::condition_variable answered_;             // for `drain`
  std::multiset<std::size_t> wanted_;            // requests that those in `gather` wait for
  std::deque<std::shared_ptr<Ticket>> waiting_;  // those with inputs that are not taken yet, whose turn is next first
  std::size_t unanswered_ = 0;                   // requests
  bool open_ = true;
  bool stopping_ = false;
  std::size_t waiting_requests_ = 0;
  std::size_t waiting_tokens_ = 0;
  std::shared_ptr<SchedulerTally> tally_ = std::make_shared<SchedulerTally>();
  std::vector<std::jthread> workers_;
};

}  // namespace tastevin::serve
