#include "serve/scheduler.h"

#include <algorithm>
#include <limits>
#include <type_traits>
#include <utility>

#include "base/error.h"
#include "base/halves.h"

namespace tastevin::serve {
namespace {

double ms_between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double, std::milli>(to - from).count();
}

/// About how many tokens a text is; exact ones are known when it runs.
std::size_t tokens_of(const Input& input, const ClassifyOptions& options, std::size_t model_limit) {
  constexpr std::size_t kBytesAToken = 4;
  constexpr std::size_t kSpecial = 2;
  const std::size_t bytes = input.text.size() + (input.pair ? input.pair->size() : 0);
  const std::size_t tokens = bytes / kBytesAToken + kSpecial;
  const std::size_t limit = options.max_length > 0 ? options.max_length : model_limit;
  if (limit == 0 || tokens <= limit) return tokens;
  if (options.long_text == LongText::window) return (input.pair ? 8 : 2) * tokens;  // as many at most
  return limit;
}

/// How texts are read and scored, without what is cut from the answer afterwards: texts that agree in it may run
/// together.
ClassifyOptions reading_of(ClassifyOptions options) {
  options.top_k = 0;
  options.threshold.reset();
  options.logits = true;
  return options;
}

/// What `options` leave of an answer that has everything.
void cut(Prediction& prediction, const ClassifyOptions& options) {
  if (options.threshold) {
    const auto below = [&options](const ScoredLabel& scored) { return scored.score < *options.threshold; };
    if (prediction.multi_label) {
      prediction.labels.clear();
      for (const ScoredLabel& scored : prediction.scores)
        if (!below(scored)) prediction.labels.push_back(scored.label);
    }
    std::erase_if(prediction.scores, below);
  }
  if (options.top_k > 0 && prediction.scores.size() > options.top_k) prediction.scores.resize(options.top_k);
  if (!options.logits) prediction.logits.clear();
}

}  // namespace

Clock::duration patience_after(Clock::duration ran) {
  constexpr Clock::duration kMost = std::chrono::milliseconds(5);
  constexpr int kShare = 20;
  return std::min(kMost, ran / kShare);
}

struct Scheduler::Ticket {
  Request request;
  Done done;
  Reply reply;
  std::vector<std::size_t> tokens;  // of each input, about
  std::size_t next = 0;             // input that is not taken yet
  std::size_t left = 0;             // inputs without an outcome
  Clock::time_point arrived = Clock::now();
};

struct Scheduler::Batch {
  struct Place {
    std::shared_ptr<Ticket> ticket;
    std::size_t input = 0;
    Outcome outcome = {};
  };
  ClassifyOptions reading;
  std::vector<Place> places;  // texts that run
  std::vector<Place> lost;    // inputs that need not run any more
  std::size_t tokens = 0;
  Classified ran = {};  // figures alone
};

Scheduler::Scheduler(Run run, const SchedulerOptions& options, std::size_t workers, std::size_t limit)
    : run_(std::move(run)), options_(options), limit_(limit) {
  for (std::size_t i = 0; i < std::max<std::size_t>(workers, 1); ++i) workers_.emplace_back([this] { work(); });
}

void Scheduler::close() {
  {
    const std::lock_guard lock(mutex_);
    open_ = false;
    stopping_ = true;
  }
  arrived_.notify_all();
  gathered_.notify_all();
  workers_.clear();  // joins
}

void Scheduler::submit(Request request, Done done) {
  auto ticket = std::make_shared<Ticket>();
  ticket->request = std::move(request);
  ticket->done = std::move(done);
  ticket->left = ticket->request.inputs.size();
  ticket->reply.outcomes.resize(ticket->left);
  for (const Input& input : ticket->request.inputs)
    ticket->tokens.push_back(tokens_of(input, ticket->request.options, limit_));
  if (ticket->left == 0) {
    ticket->done(std::move(ticket->reply));
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    if (!open_) throw Error(ErrorCode::unavailable, "the model is being shut down");
    if (has_no_room()) {
      ++tally_->refused;
      throw Error(ErrorCode::overloaded, "the queue is full: " + std::to_string(waiting_requests_) +
                                             " requests of about " + std::to_string(waiting_tokens_) + " tokens wait");
    }
    for (const std::size_t tokens : ticket->tokens) waiting_tokens_ += tokens;
    ++waiting_requests_;
    ++unanswered_;
    waiting_.push_back(std::move(ticket));
    if (!wanted_.empty() && is_gathered(*wanted_.begin())) gathered_.notify_all();
  }
  arrived_.notify_one();
}

void Scheduler::refuse_more() {
  const std::lock_guard lock(mutex_);
  open_ = false;
  gathered_.notify_all();
}

void Scheduler::drain(std::chrono::milliseconds grace) {
  refuse_more();
  std::unique_lock lock(mutex_);
  answered_.wait_for(lock, grace, [this] { return unanswered_ == 0; });
}

void Scheduler::count_on(std::shared_ptr<SchedulerTally> tally) {
  const std::lock_guard lock(mutex_);
  tally_ = std::move(tally);
}

SchedulerCounts Scheduler::counts() const {
  const std::lock_guard lock(mutex_);
  return {{tally_->batches, tally_->texts, tally_->tokens, tally_->filler, tally_->repeated, tally_->refused,
           tally_->expired, tally_->dropped},
          waiting_requests_,
          waiting_tokens_};
}

bool Scheduler::is_full() const {
  const std::lock_guard lock(mutex_);
  return has_no_room();
}

bool Scheduler::has_no_room() const {
  return waiting_requests_ >= options_.queue_requests || waiting_tokens_ >= options_.queue_tokens;
}

void Scheduler::work() {
  Company company;
  while (auto batch = next_batch(company)) {
    const Clock::time_point begun = Clock::now();
    run_batch(*batch);
    const Clock::duration ran = Clock::now() - begun;
    company.requests = finish(*batch);
    company.until = Clock::now() + options_.patience(ran);
  }
}

/// Waits for texts; nothing when the scheduler stops.
std::optional<Scheduler::Batch> Scheduler::next_batch(const Company& company) {
  constexpr std::size_t kMore = std::numeric_limits<std::size_t>::max();
  std::unique_lock lock(mutex_);
  if (company.requests > 1) gather(lock, company);
  arrived_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
  if (options_.max_wait_us > 0) gather(lock, {kMore, Clock::now() + std::chrono::microseconds(options_.max_wait_us)});
  if (stopping_ && waiting_.empty()) return std::nullopt;
  Batch batch;
  take_texts(batch);
  return batch;
}

/// Waits until as many requests wait as are wanted, a batch is full, or nobody can come any more.
void Scheduler::gather(std::unique_lock<std::mutex>& lock, const Company& company) {
  const auto place = wanted_.insert(company.requests);
  gathered_.wait_until(lock, company.until, [&] { return is_gathered(company.requests); });
  wanted_.erase(place);
}

bool Scheduler::is_gathered(std::size_t requests) const {
  return !open_ || waiting_requests_ >= requests || waiting_tokens_ >= options_.batch_tokens;
}

/// One text of each request in turn. Requests that are read in another way than the first wait for the next batch.
void Scheduler::take_texts(Batch& batch) {
  std::deque<std::shared_ptr<Ticket>> others;
  while (!waiting_.empty() && batch.tokens < options_.batch_tokens) {
    const std::shared_ptr<Ticket> ticket = std::move(waiting_.front());
    waiting_.pop_front();
    const ClassifyOptions reading = reading_of(ticket->request.options);
    if (batch.places.empty()) batch.reading = reading;
    if (reading != batch.reading) {
      others.push_back(ticket);
      continue;
    }
    if (take_from(ticket, batch)) waiting_.push_back(ticket);
  }
  waiting_.insert(waiting_.begin(), others.begin(), others.end());  // their turn comes first
  if (!waiting_.empty()) arrived_.notify_one();
}

/// Takes the next input, or all where nobody wants the answer any more. Returns whether some are left.
bool Scheduler::take_from(const std::shared_ptr<Ticket>& ticket, Batch& batch) {
  const Clock::time_point now = Clock::now();
  if (ticket->next == 0) ticket->reply.queue_ms = ms_between(ticket->arrived, now);
  const auto refuse_rest = [&](ErrorCode code, const char* why, std::atomic<std::uint64_t>* count) {
    for (; ticket->next < ticket->request.inputs.size(); ++ticket->next) {
      batch.lost.push_back({ticket, ticket->next, {{}, Error(code, why)}});
      waiting_tokens_ -= ticket->tokens[ticket->next];
      if (count != nullptr) ++*count;
    }
  };
  if (stopping_) {
    refuse_rest(ErrorCode::unavailable, "the model is being shut down", nullptr);
  } else if (ticket->request.deadline.value_or(Clock::time_point::max()) <= now) {  // of which gRPC says "gone" too
    refuse_rest(ErrorCode::deadline, "the deadline passed before the text could run", &tally_->expired);
  } else if (ticket->request.gone.stop_requested()) {
    refuse_rest(ErrorCode::deadline, "the client is gone", &tally_->dropped);
  } else {
    const std::size_t input = ticket->next++;
    batch.places.push_back({ticket, input});
    batch.tokens += ticket->tokens[input];
    waiting_tokens_ -= ticket->tokens[input];
  }
  const bool more = ticket->next < ticket->request.inputs.size();
  if (!more) --waiting_requests_;
  return more;
}

void Scheduler::run_batch(Batch& batch) {
  std::vector<Text> texts;
  texts.reserve(batch.places.size());
  for (const Batch::Place& place : batch.places) {
    const Input& input = place.ticket->request.inputs[place.input];
    texts.push_back({input.text, input.pair ? std::optional<std::string_view>(*input.pair) : std::nullopt});
  }
  const auto refuse = [&](std::size_t place, const Error& error) { batch.places[place].outcome.error = error; };
  const auto run = [&](std::size_t first, std::size_t count) {
    std::optional<Error> error = answer(std::span(texts).subspan(first, count), batch, first);
    if (!error || error->code() != ErrorCode::unavailable) return error;
    for (std::size_t i = 0; i < count; ++i) refuse(first + i, *error);  // no text's fault: fewer would fail too
    return std::optional<Error>();
  };
  by_halves(0, texts.size(), run, refuse);
}

/// Puts the answers in their places from `first` on. Returns why there are none, whatever it is.
std::optional<Error> Scheduler::answer(std::span<const Text> texts, Batch& batch, std::size_t first) {
  try {
    Classified classified = run_(texts, batch.reading);
    for (std::size_t i = 0; i < texts.size(); ++i)
      batch.places[first + i].outcome.prediction = std::move(classified.predictions[i]);
    batch.ran.tokens += classified.tokens;
    batch.ran.filler += classified.filler;
    batch.ran.repeated += classified.repeated;
    batch.ran.times.tokenize += classified.times.tokenize;
    batch.ran.times.infer += classified.times.infer;
    return std::nullopt;
  } catch (...) {
    return error_of(std::current_exception());
  }
}

/// Puts outcomes in their places; a request that has all of them is answered. Returns how many are.
std::size_t Scheduler::finish(Batch& batch) {
  for (std::vector<Batch::Place>* places : {&batch.places, &batch.lost}) {
    for (Batch::Place& place : *places)
      if (!place.outcome.error) cut(place.outcome.prediction, place.ticket->request.options);
  }
  std::vector<std::shared_ptr<Ticket>> answered;
  {
    const std::lock_guard lock(mutex_);
    const auto put = [&](Batch::Place& place) {
      Ticket& ticket = *place.ticket;
      ticket.reply.outcomes[place.input] = std::move(place.outcome);
      if (--ticket.left == 0) answered.push_back(place.ticket);
    };
    for (Batch::Place& place : batch.places) {
      Reply& reply = place.ticket->reply;
      reply.tokenize_ms = std::max(reply.tokenize_ms, batch.ran.times.tokenize);
      reply.infer_ms = std::max(reply.infer_ms, batch.ran.times.infer);
      put(place);
    }
    for (Batch::Place& place : batch.lost) put(place);
    tally_->batches += batch.places.empty() ? 0 : 1;
    tally_->texts += batch.places.size();
    tally_->tokens += batch.ran.tokens;
    tally_->filler += batch.ran.filler;
    tally_->repeated += batch.ran.repeated;
  }
  for (const auto& ticket : answered) ticket->done(std::move(ticket->reply));
  {
    const std::lock_guard lock(mutex_);
    unanswered_ -= answered.size();
    if (unanswered_ == 0) answered_.notify_all();
  }
  return answered.size();
}

}  // namespace tastevin::serve
